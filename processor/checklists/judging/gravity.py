"""From when on something is grave, whatever the settings say."""

from collections.abc import Mapping
from typing import Final

from processor.ledger.queries import SecurityAlertsRecord

#: Severities of alerts and of security alerts.
GRAVE: Final = ("critical", "high")
#: A disk or a memory this full stops the work within hours.
FULL_RATIO: Final = 0.95
_MOST: Final = 5


def grave_alerts(one: SecurityAlertsRecord) -> int:
    """Count the grave ones; a secret that lies open is one, and GitHub rates none of them."""
    counts = one.counts or {}
    return sum(counts.values()) if one.kind == "secret_scanning" else sum(counts.get(name, 0) for name in GRAVE)


def most_frequent(errors: Mapping[str, int]) -> list[tuple[str, int]]:
    """List the five kinds that came most often."""
    return sorted(errors.items(), key=lambda one: (-one[1], one[0]))[:_MOST]
