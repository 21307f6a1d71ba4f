"""The exporter: shows what the ledger and the host know as Prometheus metrics. It writes nothing and asks nobody."""
