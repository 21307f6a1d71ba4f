"""The commands under `aip alerts`."""
