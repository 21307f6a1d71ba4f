"""`aip top`: what goes on, kept current on the terminal, with keys to steer."""
