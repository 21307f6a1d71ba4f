"""`aip canary`: try the canary by hand, and look at its rounds."""
