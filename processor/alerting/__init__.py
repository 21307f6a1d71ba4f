"""Prometheus and Alertmanager beside us: start private ones, ask them, and rehearse alerts."""
