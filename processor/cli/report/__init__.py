"""The commands under `aip report`."""
