"""One module a dashboard: which panels it has, and in what order."""
