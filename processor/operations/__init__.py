"""What operators ask for and what the service does beside its runs: retry, cancel, undo, follow-up, set-up checks."""
