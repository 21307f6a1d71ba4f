"""Say what was changed, and on how many hosts it is in force already."""

import time
from collections.abc import Sequence

from processor.cli import screen, words
from processor.cli.waiting import wait_until
from processor.ledger import overrides as ledger_overrides
from processor.ledger import services
from processor.ledger.connection import Ledger
from processor.operations.setting_changes import Changed
from processor.settings.keys import value_text

#: Services look every second; one that takes longer is named.
_WAIT_SECONDS = 5.0


def show_changed(ledger: Ledger, changed: Sequence[Changed], *, as_json: bool) -> None:
    """Wait until every living service works with the change, and print it."""
    taken_up, late = await_services(ledger)
    if as_json:
        screen.print_json({"changed": [one.__dict__ for one in changed], "in_force_on": taken_up, "late": late})
        return
    for one in changed:
        until = f" until {words.moment(one.expires_at)}" if one.expires_at is not None else ""
        screen.say(f"{one.key}: {value_text(one.before)} -> {value_text(one.after)}{until}")
    if not changed:
        screen.say("nothing was changed at run time")
    say_where(taken_up, late)


def say_where(taken_up: Sequence[str], late: Sequence[str]) -> None:
    """Say on which hosts a change is in force."""
    if taken_up:
        screen.say(f"in force on {', '.join(taken_up)}")
    if late:
        screen.note(f"not yet on {', '.join(late)}; `aip status` and its log say why")
    if not taken_up and not late:
        screen.note("no service lives; the next `aip run` starts with it")


def await_services(ledger: Ledger) -> tuple[list[str], list[str]]:
    """Give the names of the living services that work with the last change, and of those that do not yet."""
    found: dict[str, bool] = {}

    def is_everywhere() -> bool:
        with ledger.read() as db:
            last = ledger_overrides.last_change_id(db)
            known = services.list_services(db)
        now = time.time()
        found.clear()
        found.update({one.instance: (one.settings_change or 0) >= last for one in known if one.is_alive(now)})
        return all(found.values())

    wait_until(is_everywhere, _WAIT_SECONDS, "waiting for the services")
    return [name for name, is_in in found.items() if is_in], [name for name, is_in in found.items() if not is_in]
