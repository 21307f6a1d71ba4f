"""What the forge remembers, and the file that keeps it through a restart and a kill -9."""
