"""The durable record of everything that happened: runs, phases, checks, pull requests, operators' acts, totals.

`connection` opens it; one module a subject writes; `queries` is the read side that the exporter uses.
All times are seconds since the epoch in UTC.
"""
