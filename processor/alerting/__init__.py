"""Alerts: bring old rules along, look, silence, test, and rehearse with a private Prometheus and Alertmanager."""
