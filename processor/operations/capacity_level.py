"""The level of capacity by hand: a setting like others, so that it ends, is recorded and holds on all hosts."""

CAPACITY_KEY = "main.capacity.level"
