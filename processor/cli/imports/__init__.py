"""The commands under `aip import`."""
