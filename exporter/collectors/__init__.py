"""One collector a file: what it shows, and how it gets it. Collectors know nothing of each other."""
