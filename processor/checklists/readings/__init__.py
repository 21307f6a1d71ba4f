"""Read what the items are judged by; whatever cannot be read raises, and the item is unknown with that reason."""
