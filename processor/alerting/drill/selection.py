"""Choose what is drilled, and say why the rest is not. Pure."""

import difflib
from collections.abc import Mapping, Sequence

from processor.alerting.drill.committed import AlertRule, Committed
from processor.alerting.drill.messages import DEAD_MANS_SWITCH
from processor.alerting.drill.private_configuration import channels
from processor.alerting.drill.scripts import SCRIPTS
from processor.errors import UsageError

WATCHDOG = "Watchdog"
_NO_SCRIPT = "it is no shipped alert, so no script says how to bring it about"
_NO_SWITCH = (
    "alertmanager.yml has no dead man's switch, so nobody would notice its silence; see alerting.dead_mans_switch"
)


def undrilled(committed: Committed) -> Mapping[str, str]:
    """Name each alert that cannot be drilled, with the reason."""
    names = [alert.name for alert in committed.alerts]
    reasons = {name: _NO_SCRIPT for name in names if name not in SCRIPTS}
    if WATCHDOG in names and DEAD_MANS_SWITCH not in channels(committed.alertmanager):
        reasons[WATCHDOG] = _NO_SWITCH
    return reasons


def chosen(committed: Committed, wanted: Sequence[str]) -> tuple[AlertRule, ...]:
    """Choose the wanted alerts, or all that can be drilled when none is named.

    Raises:
        UsageError: an alert is unknown, or named and cannot be drilled; none is left; a scrape job is not there.
    """
    known = {alert.name: alert for alert in committed.alerts}
    reasons = undrilled(committed)
    for name in wanted:
        _refuse_impossible(name, known, reasons)
    found = tuple(alert for name, alert in known.items() if name not in reasons and (not wanted or name in wanted))
    if not found:
        raise UsageError("no rule is one of the shipped alerts, so there is nothing to drill; see --prometheus")
    needed = {job for alert in found for job in SCRIPTS[alert.name].jobs}
    if missing := needed - committed.scrape_jobs:
        raise UsageError(
            f"prometheus.yml has no scrape job {' or '.join(sorted(missing))}, whose targets the alerts judge; name a "
            "folder with the shipped jobs by --prometheus"
        )
    return found


def _refuse_impossible(name: str, known: Mapping[str, AlertRule], reasons: Mapping[str, str]) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(near)}?" if near else "`aip drill --list` names all"
        raise UsageError(f"there is no alert {name}; {hint}")
    if name in reasons:
        raise UsageError(f"{name} ({known[name].file}) cannot be drilled: {reasons[name]}")
