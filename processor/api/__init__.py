"""The processor's own HTTP server: status, metrics, health. It only reads."""
