"""The blocks that pages are made of, by what they tell."""
