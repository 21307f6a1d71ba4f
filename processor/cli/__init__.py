"""The command line `aip`: one module a command; it asks, prints and returns exit codes, and decides nothing itself."""
