"""Put rule, script and speed together: what each drill waits for, and how long. Pure."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from processor.alerting.drill.committed import AlertRule, Committed
from processor.alerting.drill.condition import Condition, Means
from processor.alerting.drill.durations import seconds_of
from processor.alerting.drill.messages import DEAD_MANS_SWITCH, EMAIL, HISTORY, SERVICE_PREFIX, SLACK
from processor.alerting.drill.private_configuration import channels
from processor.alerting.drill.scripts import SCRIPTS
from processor.errors import UsageError

_NOTIFY = {"notify_email": EMAIL, "notify_slack": SLACK, "notify_webhook": "webhook"}
_WATCHDOG = "Watchdog"
#: What is drilled by other means than targets of its own has the service of prometheus.yml.
COMMON_SERVICE = "aip"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One drill. Limits are in seconds of this machine's clock."""

    rule: AlertRule
    script: Condition
    channels: frozenset[str]  #: where it must be told, and nowhere else
    k: float
    fires_within: float
    is_over_within: float

    @property
    def alert(self) -> str:
        """The alert's name, which is also the drill's."""
        return self.rule.name

    @property
    def service(self) -> str:
        """The label `service` of what is drilled; the rule's own where it has one."""
        if self.script.means is Means.TARGETS:
            return SERVICE_PREFIX + self.alert
        return self.rule.labels.get("service", COMMON_SERVICE)


def plans(committed: Committed, wanted: Sequence[str], k: float, patience_seconds: float) -> tuple[Plan, ...]:
    """Plan the drills of the wanted alerts, of all when none is named; alerts without a script are left out.

    Args:
        patience_seconds: how much longer than computed each stage may take.

    Raises:
        UsageError: an alert is unknown, or named and has no script; a scrape job that it judges is not there.
    """
    known = {alert.name: alert for alert in committed.alerts}
    for name in wanted:
        _look_up(name, known)
    there = channels(committed.alertmanager)
    chosen = [alert for name, alert in known.items() if name in SCRIPTS and (not wanted or name in wanted)]
    needed = {job for alert in chosen for job in SCRIPTS[alert.name].jobs}
    if missing := needed - committed.scrape_jobs:
        raise UsageError(
            f"prometheus.yml has no scrape job {' or '.join(sorted(missing))}, whose targets the alerts judge; name a "
            "folder with the shipped jobs by --prometheus"
        )
    return tuple(_plan(alert, there, k, patience_seconds) for alert in chosen)


def without_script(committed: Committed) -> tuple[str, ...]:
    """Name the alerts that no script brings about: rules that were added to the shipped ones."""
    return tuple(alert.name for alert in committed.alerts if alert.name not in SCRIPTS)


def _look_up(name: str, known: dict[str, AlertRule]) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(near)}?" if near else "`aip drill --list` names all"
        raise UsageError(f"there is no alert {name}; {hint}")
    if name not in SCRIPTS:
        raise UsageError(
            f"{name} ({known[name].file}) is no shipped alert, so no script says how to bring it about; "
            "`aip drill --list` names those that can be drilled"
        )


def _plan(rule: AlertRule, there: frozenset[str], k: float, patience_seconds: float) -> Plan:
    script = SCRIPTS[rule.name]
    settles = seconds_of(script.settles)
    hidden_holds = 3600 if script.hides else 0  # the longest `for` of what is inhibited
    return Plan(
        rule=rule,
        script=script,
        channels=_channels(rule) & there,
        k=k,
        # Half as much again: a scrape that fails on a busy machine makes `for` begin anew.
        fires_within=1.5 * (rule.holds_seconds + settles + hidden_holds) / k + patience_seconds,
        is_over_within=1.5 * (rule.keeps_seconds + settles) / k + patience_seconds,
    )


def _channels(rule: AlertRule) -> frozenset[str]:
    told = {channel for label, channel in _NOTIFY.items() if rule.labels.get(label) == "true"}
    return frozenset(told | {HISTORY} | ({DEAD_MANS_SWITCH} if rule.name == _WATCHDOG else set()))
