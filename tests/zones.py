"""A time zone in which no day begins and no duty of the morning falls due while a test runs."""

from datetime import UTC, datetime


def noon_zone() -> str:
    """Name the zone in which it is between noon and one o'clock now.

    The signs are POSIX's: Etc/GMT-9 is nine hours before UTC.
    Source: https://data.iana.org/time-zones/tzdb/etcetera
    """
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
