"""Upkeep of memory, disk, network and database: what is ours by exact name or id, and nothing else."""
