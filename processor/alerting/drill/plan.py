"""Put rule, script and speed together: what each drill waits for, and how long. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from processor.alerting.drill.committed import AlertRule, Committed
from processor.alerting.drill.condition import Condition, Means
from processor.alerting.drill.durations import seconds_of
from processor.alerting.drill.messages import DEAD_MANS_SWITCH, EMAIL, HISTORY, SERVICE_PREFIX, SLACK
from processor.alerting.drill.private_configuration import channels
from processor.alerting.drill.scripts import SCRIPTS
from processor.alerting.drill.selection import WATCHDOG, chosen

_NOTIFY = {"notify_email": EMAIL, "notify_slack": SLACK, "notify_webhook": "webhook"}
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

    @property
    def is_heard(self) -> bool:
        """Whether anybody beside the incident history is told."""
        return self.channels != {HISTORY}


def plans(committed: Committed, wanted: Sequence[str], k: float, patience_seconds: float) -> tuple[Plan, ...]:
    """Plan the drills of the wanted alerts, of all that can be drilled when none is named.

    Args:
        patience_seconds: how much longer than computed each stage may take.

    Raises:
        UsageError: an alert is unknown or cannot be drilled.
    """
    there = channels(committed.alertmanager)
    return tuple(_plan(rule, there, k, patience_seconds) for rule in chosen(committed, wanted))


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
    return frozenset(told | {HISTORY} | ({DEAD_MANS_SWITCH} if rule.name == WATCHDOG else set()))
