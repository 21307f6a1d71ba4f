"""Read what the original system left on disk: runs, reports, alerts, settings; damaged or not."""
