"""GitHub's REST API: which call is answered by which function, and what the answers look like."""
