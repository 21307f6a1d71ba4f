"""The scripts of all drills, by subject."""
