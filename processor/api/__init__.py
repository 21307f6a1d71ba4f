"""The processor's own HTTP server: status, metrics, health, and the alerts that Alertmanager tells of."""
