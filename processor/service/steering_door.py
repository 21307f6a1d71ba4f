"""What the HTTP routes of capacity and settings reach: the same operations that the commands use."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from processor.ledger import overrides as ledger_overrides
from processor.ledger.connection import Ledger
from processor.operations.capacity_level import capacity_view, set_level
from processor.operations.overlay import in_force, overlay
from processor.operations.setting_changes import Wish, set_overrides, take_back
from processor.operations.settings_in_force import SettingsInForce
from processor.operations.settings_view import differences_view, settings_view
from processor.settings.keys import full_key


@dataclass(frozen=True)
class SteeringDoor:
    """Acts on the ledger; this service and the others take it up at their next look."""

    ledger: Ledger
    in_force: SettingsInForce

    def capacity(self) -> Mapping[str, Any]:
        """Show the level of every host."""
        with self.ledger.read() as db:
            return capacity_view(db, self.in_force.settings.main, time.time())

    def set_level(self, level: str, seconds: float | None, *, reason: str, by: str) -> list[dict[str, Any]]:
        """Put every host at a level, or let each follow its load."""
        base, now = self.in_force.standing.base, time.time()
        done = set_level(self.ledger, base, level, seconds=seconds, actor=actor_over_http(by), reason=reason, now=now)
        return [one.__dict__ for one in done]

    def config(self, key: str | None) -> Mapping[str, Any]:
        """Show the settings in force and what differs from the files."""
        base, now = self.in_force.standing.base, time.time()
        with self.ledger.read() as db:
            standing = in_force(ledger_overrides.list_overrides(db), now)
        laid = overlay(base, standing)
        return {**settings_view(laid, standing, key), "overrides": differences_view(base, laid, standing)}

    def set_values(self, values: Mapping[str, object], seconds: float, *, reason: str, by: str) -> list[dict[str, Any]]:
        """Change settings for a while."""
        full = {full_key(key): value for key, value in values.items()}
        wish = Wish(values=full, seconds=seconds, actor=actor_over_http(by), reason=reason)
        return [one.__dict__ for one in set_overrides(self.ledger, self.in_force.standing.base, wish, time.time())]

    def take_back(self, keys: Sequence[str] | None, *, reason: str, by: str) -> list[dict[str, Any]]:
        """End changes before their time."""
        base, wanted = self.in_force.standing.base, None if keys is None else [full_key(key) for key in keys]
        done = take_back(self.ledger, base, wanted, actor=actor_over_http(by), reason=reason, now=time.time())
        return [one.__dict__ for one in done]

    def history(self, limit: int, key: str | None, *, offset: int) -> tuple[int, list[dict[str, Any]]]:
        """Count the changes, and list a page of them, newest first."""
        wanted = full_key(key) if key else None
        with self.ledger.read() as db:
            found = ledger_overrides.list_changes(db, limit, wanted, offset=offset)
            total = ledger_overrides.count_changes(db, wanted)
        return total, [one.__dict__ for one in found]


def actor_over_http(by: str) -> str:
    """Name who asks over HTTP, for the audit: as they say themselves."""
    return f"{by.strip() or 'somebody'}@api"
