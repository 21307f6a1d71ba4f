"""The operator's own checks: programs that run on the base commit and on the change."""
