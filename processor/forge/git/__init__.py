"""The bare repositories behind the forge, worked by the real git."""
