"""Daily and weekly reports: read from the ledger, recommend, write, send. The numbers are those of `ledger/queries`."""
