"""Backups: make one while services work, prove it by a restore on trial, put one back, throw old ones away."""
