"""How long the work on issues took: from the ledger, or from logs, those of the original system included."""
