"""Decide which issues are processed, why the others are not, and in what order.

`priority`, `eligibility` and `capacity` are pure: they look at values and never at GitHub, the ledger or the clock.
"""
