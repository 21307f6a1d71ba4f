"""The commands under `aip ledger`."""
