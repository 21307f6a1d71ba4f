"""Judge what was read: one pure function an item, which gives a verdict with its evidence."""
