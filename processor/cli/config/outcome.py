"""Say what was changed, and on how many hosts it is in force already."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from processor.cli import screen, words
from processor.cli.waiting import wait_until
from processor.ledger import overrides as ledger_overrides
from processor.ledger import services
from processor.ledger.connection import Ledger
from processor.operations.setting_changes import Changed
from processor.settings.keys import value_text

#: Services look every second; one that takes longer is named.
_WAIT_SECONDS = 5.0


@dataclass(frozen=True)
class Where:
    """The living services that work with a change, that have not looked yet, and that had to leave something out."""

    in_force_on: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    left_out_on: dict[str, list[str]] = field(default_factory=dict)


def show_changed(ledger: Ledger, changed: Sequence[Changed], *, as_json: bool) -> None:
    """Wait until every living service works with the change, and print it."""
    found = await_services(ledger, [one.key for one in changed])
    if as_json:
        screen.print_json({"changed": [one.__dict__ for one in changed], **asdict(found)})
        return
    for one in changed:
        until = f" until {words.moment(one.expires_at)}" if one.expires_at is not None else ""
        screen.say(f"{one.key}: {value_text(one.before)} -> {value_text(one.after)}{until}")
    if not changed:
        screen.say("nothing was changed at run time")
    say_where(found)


def say_where(found: Where) -> None:
    """Say on which hosts a change is in force."""
    if found.in_force_on:
        screen.say(f"in force on {', '.join(found.in_force_on)}")
    for name, keys in found.left_out_on.items():
        screen.note(f"not on {name}: {', '.join(keys)} does not go with the settings files there; its log says why")
    if found.late:
        screen.note(f"not yet on {', '.join(found.late)}; `aip status` and its log say why")
    if not (found.in_force_on or found.left_out_on or found.late):
        screen.note("no service lives; the next `aip run` starts with it")


def await_services(ledger: Ledger, keys: Sequence[str]) -> Where:
    """Wait until every living service has taken up the last change, of these settings, and tell what became of it."""
    found = Where()

    def is_everywhere() -> bool:
        nonlocal found
        with ledger.read() as db:
            last = ledger_overrides.last_change_id(db)
            known = [one for one in services.list_services(db) if one.is_alive(time.time())]
        taken_up = [one for one in known if (one.settings_change or 0) >= last]
        left_out = {one.instance: sorted(set(keys) & set(one.left_out)) for one in taken_up}
        found = Where(
            in_force_on=[name for name, without in left_out.items() if not without],
            late=[one.instance for one in known if one not in taken_up],
            left_out_on={name: without for name, without in left_out.items() if without},
        )
        return not found.late

    wait_until(is_everywhere, _WAIT_SECONDS, "waiting for the services")
    return found
