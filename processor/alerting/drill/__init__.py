"""Prove each alert end to end on this machine: it fires, the right people are told, and it is over."""
