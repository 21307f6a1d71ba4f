"""Run drills: wait for a healthy beginning, bring each condition about, watch, mend, watch until it is over."""

import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from processor.alerting.drill.committed import Committed, Yaml
from processor.alerting.drill.condition import Means
from processor.alerting.drill.plan import Plan
from processor.alerting.drill.progress import Progress, Seen, advance
from processor.alerting.drill.stage import Stage, running_stage
from processor.alerting.drill.verdict import Verdict, judge
from processor.alerting.prometheus_api import ask, fetch
from processor.alerting.tools import MonitoringTools
from processor.errors import ResourceError

_LOOK_SECONDS = 0.25
_READY_SECONDS = 90.0
_QUIET_SECONDS = 2.0

#: Told of each step, in words for people.
Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What all drills of one call have in common."""

    tools: MonitoringTools
    committed: Committed
    k: float
    folder: Path  #: configurations, data and logs of the servers
    tell: Tell
    stopping: threading.Event


def rehearse(rehearsal: Rehearsal, plans: Sequence[Plan]) -> tuple[Verdict, ...]:
    """Run the drills; those with targets of their own all at once, the others beside them one after the other.

    Raises:
        ResourceError: a server does not start or ends, or healthy targets do not look healthy.
        NetworkError: Prometheus does not answer.
    """
    together = [plan for plan in plans if plan.script.means is Means.TARGETS]
    # The one that ends Prometheus comes last.
    alone = sorted(
        (plan for plan in plans if plan not in together), key=lambda plan: plan.script.means is Means.PROMETHEUS
    )
    with ThreadPoolExecutor(max_workers=2) as threads:
        running = [
            threads.submit(_on_stage, rehearsal, name, group, turns)
            for name, group, turns in (
                ("together", together, [together]),
                ("alone", alone, [[plan] for plan in alone]),
            )
            if group
        ]
        try:
            done, _ = wait(running, return_when=FIRST_EXCEPTION)
            verdicts = {verdict.alert: verdict for future in done for verdict in future.result()}
        except BaseException:
            rehearsal.stopping.set()
            raise
    return tuple(verdicts[plan.alert] for plan in plans if plan.alert in verdicts)


def _on_stage(rehearsal: Rehearsal, name: str, plans: Sequence[Plan], turns: Sequence[Sequence[Plan]]) -> list[Verdict]:
    with running_stage(rehearsal.tools, rehearsal.committed, plans, rehearsal.k, rehearsal.folder / name) as stage:
        _wait_until_healthy(rehearsal, stage)
        verdicts = [verdict for turn in turns for verdict in _drill(rehearsal, stage, turn)]
        _keep_messages(stage)
        if stage.receivers.refused:
            rehearsal.tell(
                f"Alertmanager posted {stage.receivers.refused} times to the incident history without the token; "
                "see authorization at its receiver in alertmanager.yml"
            )
        return verdicts


def _keep_messages(stage: Stage) -> None:
    lines = [json.dumps(asdict(message), ensure_ascii=False) for message in stage.receivers.messages]
    (stage.folder / "messages.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _wait_until_healthy(rehearsal: Rehearsal, stage: Stage) -> None:
    """Wait until every target is scraped and every rule has seen it."""
    expected = sum(len(targets) for targets in stage.targets.values())
    deadline = time.monotonic() + _READY_SECONDS
    seen_at: float | None = None
    while seen_at is None or _oldest_evaluation(stage) <= seen_at:
        if time.monotonic() > deadline:
            raise ResourceError(
                f"{_up(stage)} of {expected} targets of the drill are up and not all rules are evaluated after "
                f"{_READY_SECONDS:g} s; is this machine overloaded? try a smaller --speed"
            )
        if seen_at is None and _up(stage) == expected:
            seen_at = time.time() + 1  # one more scrape, so that each counter has a first value
        if rehearsal.stopping.wait(_LOOK_SECONDS):
            return


def _up(stage: Stage) -> int:
    return len(ask(stage.prometheus.url, "up == 1").samples)


def _oldest_evaluation(stage: Stage) -> float:
    groups = fetch(stage.prometheus.url, "rules")["data"]["groups"]
    return min(datetime.fromisoformat(group["lastEvaluation"]).timestamp() for group in groups)


def _drill(rehearsal: Rehearsal, stage: Stage, plans: Sequence[Plan]) -> list[Verdict]:
    active = _active_when_quiet(rehearsal, stage, plans)
    states = {plan.alert: _begin(rehearsal, stage, plan, active) for plan in plans}
    while not all(state.is_done for state in states.values()) and not rehearsal.stopping.wait(_LOOK_SECONDS):
        active, now = stage.active_alerts(), time.time()
        for plan in plans:
            states[plan.alert] = _look(rehearsal, stage, plan, states[plan.alert], _seen(stage, plan, active, now))
    return [judge(plan, states[plan.alert], tuple(stage.receivers.messages)) for plan in plans]


def _active_when_quiet(rehearsal: Rehearsal, stage: Stage, plans: Sequence[Plan]) -> list[Yaml]:
    """Give the alerts that are active while all is healthy; one that passes at once was a scrape that failed."""
    deadline = time.monotonic() + _QUIET_SECONDS
    active = stage.active_alerts()
    while any(_names(plan, active) for plan in plans) and time.monotonic() < deadline:
        if rehearsal.stopping.wait(_LOOK_SECONDS):
            break
        active = stage.active_alerts()
    return active


def _begin(rehearsal: Rehearsal, stage: Stage, plan: Plan, active: Sequence[Yaml]) -> Progress:
    now = time.time()
    if names := _names(plan, active):
        return Progress(injected_at=now, failure=f"{', '.join(names)} was active while everything was healthy")
    stage.inject(plan)
    rehearsal.tell(f"{plan.alert}: {plan.script.told}")
    return Progress(injected_at=now)


def _look(rehearsal: Rehearsal, stage: Stage, plan: Plan, before: Progress, seen: Seen) -> Progress:
    after = advance(plan, before, seen)
    if after.told_at is not None and after.healed_at is None:
        stage.heal(plan)
        after = replace(after, healed_at=time.time())
        rehearsal.tell(f"{plan.alert}: fired and told after {seen.now - after.injected_at:.1f} s, mended")
    if after.over_at is not None and before.over_at is None:
        rehearsal.tell(f"{plan.alert}: over {seen.now - (after.healed_at or seen.now):.1f} s later")
    if after.failure and not before.failure:
        rehearsal.tell(f"{plan.alert}: {after.failure}")
    return after


def _seen(stage: Stage, plan: Plan, active: Sequence[Yaml], now: float) -> Seen:
    firing = {
        str(alert["labels"]["alertname"]) for alert in active if alert["state"] == "firing" and _is_of(plan, alert)
    }
    return Seen(now=now, firing=frozenset(firing), messages=tuple(stage.receivers.messages))


def _names(plan: Plan, active: Sequence[Yaml]) -> list[str]:
    """Name the alerts that should not be active before anything is injected."""
    if plan.script.means is Means.PROMETHEUS:
        return []
    return sorted({str(alert["labels"]["alertname"]) for alert in active if _is_of(plan, alert)})


def _is_of(plan: Plan, alert: Yaml) -> bool:
    return bool(alert["labels"].get("service") == plan.service)
