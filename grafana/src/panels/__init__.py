"""Panels by purpose: numbers to act on, graphs over time, lists to read."""
