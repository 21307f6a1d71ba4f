"""A made-up busy month, the same in every run: a ledger, and a Prometheus that has watched it all the time."""
