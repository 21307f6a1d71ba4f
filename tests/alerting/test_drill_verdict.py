"""How a drill goes on and ends: each stage in turn, and every way in which it can be wrong is named."""

from dataclasses import replace

import pytest

from processor.alerting.drill.committed import Committed, read_committed
from processor.alerting.drill.messages import Message
from processor.alerting.drill.plan import Plan, plans
from processor.alerting.drill.progress import Progress, Seen, advance
from processor.alerting.drill.selection import undrilled
from processor.alerting.drill.verdict import judge
from processor.errors import UsageError
from tests.contract.alerts import ROOT

COMMITTED = read_committed(ROOT / "prometheus", ROOT / "alertmanager")
K, PATIENCE = 120, 20
START = 1000.0
MEDIUM_TEXT = (
    "MEDIUM AipMemoryUsageHigh Memory usage exceeds 80%\n"
    "97% of the memory of drill-AipMemoryUsageHigh:aip-exporter is in use; the limit is 80%."
)


def _plan(alert: str) -> Plan:
    (plan,) = plans(COMMITTED, [alert], K, PATIENCE)
    return plan


MEMORY = _plan("AipMemoryUsageHigh")


def _message(
    channel: str, at: float, *, is_over: bool = False, plan: Plan = MEMORY, text: str = MEDIUM_TEXT
) -> Message:
    return Message(channel=channel, at=at, alert=plan.alert, drill=plan.alert, is_over=is_over, text=text)


def _seen(now: float, *messages: Message, firing: frozenset[str] = frozenset({MEMORY.alert})) -> Seen:
    return Seen(now=now, firing=firing, messages=messages)


BEGUN = (_message("email", 1006.0), _message("incident-history", 1006.0))
OVER = (_message("email", 1020.0, is_over=True), _message("incident-history", 1020.0, is_over=True))
HEALED = Progress(
    injected_at=START, fired_at=1005.0, told_at=1006.5, healed_at=1007.0, fired=frozenset({"AipMemoryUsageHigh"})
)


def test_a_drill_goes_through_its_stages() -> None:
    at_first = Progress(injected_at=START)
    waiting = advance(MEMORY, at_first, _seen(1001, firing=frozenset()))
    assert waiting == at_first
    fired = advance(MEMORY, waiting, _seen(1005))
    assert (fired.fired_at, fired.told_at) == (1005, None)
    half = advance(MEMORY, fired, _seen(1006, BEGUN[0]))
    assert half.told_at is None
    told = advance(MEMORY, half, _seen(1006.5, *BEGUN))
    assert told.told_at == 1006.5
    healed = replace(told, healed_at=1007.0)
    assert advance(MEMORY, healed, _seen(1008, *BEGUN, OVER[0])).over_at is None
    over = advance(MEMORY, healed, _seen(1021, *BEGUN, *OVER))
    assert (over.over_at, over.is_done) == (1021, True)

    verdict = judge(MEMORY, over, [*BEGUN, *OVER])
    assert verdict.is_passed
    assert (verdict.fired_seconds, verdict.told_seconds, verdict.over_seconds) == (5.0, 6.5, 14.0)
    assert verdict.delivered_to == ("email", "incident-history")


LATE = START + MEMORY.fires_within + 1


@pytest.mark.parametrize(
    ("seen", "failure"),
    [
        (_seen(LATE, firing=frozenset()), "it did not fire within 28 s"),
        (_seen(LATE, BEGUN[0]), "it fired, and incident-history did not get it within 28 s"),
    ],
)
def test_a_stage_that_does_not_come_ends_the_drill(seen: Seen, failure: str) -> None:
    assert advance(MEMORY, Progress(injected_at=START), seen).failure == failure


def test_an_end_that_is_not_told_fails() -> None:
    late = 1007.0 + MEMORY.is_over_within + 1
    failed = advance(MEMORY, HEALED, _seen(late, *BEGUN, OVER[0]))
    assert failed.failure == "incident-history did not hear that it is over 31 s after it was mended"


def test_an_end_from_before_the_mending_does_not_count() -> None:
    early = [replace(message, at=1006.9) for message in OVER]
    assert advance(MEMORY, HEALED, _seen(1021, *BEGUN, *early)).over_at is None


DONE = replace(HEALED, over_at=1021.0)


@pytest.mark.parametrize(
    ("messages", "progress", "fault"),
    [
        ([*BEGUN, _message("slack", 1006)], DONE, "slack got it, which its labels do not say"),
        (BEGUN, replace(DONE, fired=DONE.fired | {"AipCpuHigh"}), "AipCpuHigh fired with it"),
        (
            [BEGUN[1], _message("email", 1006, text="MEDIUM Memory usage exceeds 80%: 97% is in use")],
            DONE,
            "email was not told the description with its threshold",
        ),
        (
            [BEGUN[1], _message("email", 1006, text=MEDIUM_TEXT.replace("97%", "91%").replace("MEDIUM", "?"))],
            DONE,
            "email was not told the severity, 97%",
        ),
        (
            [BEGUN[1], _message("email", 1006, text=MEDIUM_TEXT.replace("Memory usage", "Usage"))],
            DONE,
            "email was not told the summary",
        ),
        (
            [BEGUN[1], _message("email", 1006, text=MEDIUM_TEXT + "<no value>")],
            DONE,
            "email was not told a value: it says <no value>",
        ),
    ],
)
def test_each_fault_is_named(messages: list[Message], progress: Progress, fault: str) -> None:
    assert judge(MEMORY, progress, messages).faults == (fault,)


def test_the_japanese_words_are_as_good() -> None:
    text = "MEDIUM AipMemoryUsageHigh メモリ使用率が 80% を超えています\na のメモリ使用率は 97% です（しきい値 80%）。"
    assert judge(MEMORY, DONE, [_message("email", 1006, text=text), BEGUN[1]]).faults == ()


def test_who_is_told_of_what_is_hidden_is_named() -> None:
    down = _plan("AipProcessorDown")
    hidden = "AipSuccessRateBelowReportTarget"
    firing = frozenset({down.alert, hidden})
    told = tuple(_message(channel, 1002, plan=down) for channel in down.channels)
    alone = advance(down, Progress(injected_at=START), _seen(1002, *told, firing=frozenset({down.alert})))
    assert alone.told_at is None  # the hidden one must fire before its silence says anything
    both = advance(down, alone, _seen(1003, *told, firing=firing))
    leak = replace(_message("slack", 1003, plan=down), alert=hidden)
    faults = judge(down, replace(both, healed_at=1004.0, over_at=1006.0), [*told, leak]).faults
    assert f"slack got {hidden}, which it should have hidden" in faults
    afterwards = replace(leak, at=1005.0)
    faults = judge(down, replace(both, healed_at=1004.0, over_at=1006.0), [*told, afterwards]).faults
    assert not any("hidden" in fault for fault in faults)


def test_the_watchdog_is_told_by_beats_and_over_by_silence() -> None:
    watchdog = _plan("Watchdog")
    firing = frozenset({"Watchdog"})
    history = _message("incident-history", 1001, plan=watchdog)
    beats = [_message("dead-mans-switch", 1001 + place / 2, plan=watchdog) for place in range(4)]
    begun = advance(watchdog, Progress(injected_at=START), _seen(1002, history, *beats[:2], firing=firing))
    assert begun.told_at is None
    fed = advance(watchdog, begun, _seen(1003, history, *beats, firing=firing))
    assert fed.told_at == 1003
    ended = replace(fed, healed_at=1003.0)
    assert advance(watchdog, ended, _seen(1004, history, *beats)).over_at is None
    assert advance(watchdog, ended, _seen(1013, history, *beats)).over_at == 1013


def _without_receiver(name: str) -> Committed:
    receivers = [one for one in COMMITTED.alertmanager["receivers"] if one["name"] != name]
    return replace(COMMITTED, alertmanager=COMMITTED.alertmanager | {"receivers": receivers})


def test_a_channel_that_is_not_configured_is_not_expected() -> None:
    error_rate, cpu = plans(_without_receiver("slack"), ["AipHighErrorRate", "AipCpuHigh"], K, PATIENCE)
    assert (error_rate.channels, error_rate.is_heard) == ({"email", "incident-history"}, True)
    assert (cpu.channels, cpu.is_heard) == ({"incident-history"}, False)


def test_without_a_dead_mans_switch_there_is_no_drill_of_the_watchdog() -> None:
    without = _without_receiver("dead-mans-switch")
    assert "no dead man's switch" in undrilled(without)["Watchdog"]
    assert "Watchdog" not in {plan.alert for plan in plans(without, [], K, PATIENCE)}
    with pytest.raises(
        UsageError, match=r"Watchdog \(monitoring.yml\) cannot be drilled: alertmanager.yml has no dead"
    ):
        plans(without, ["Watchdog"], K, PATIENCE)


OWN = {"groups": [{"name": "own", "rules": [{"alert": "MyOwn", "expr": "up == 0"}]}]}


def test_a_rule_of_ones_own_has_no_drill_and_that_is_said() -> None:
    more = replace(COMMITTED, rules={**COMMITTED.rules, "99-own.yml": OWN})
    assert list(undrilled(more)) == ["MyOwn"]
    assert "MyOwn" not in {plan.alert for plan in plans(more, [], K, PATIENCE)}
    with pytest.raises(UsageError, match=r"MyOwn \(own.yml\) cannot be drilled: it is no shipped alert, so no script"):
        plans(more, ["MyOwn"], K, PATIENCE)


def test_rules_of_ones_own_alone_leave_nothing_to_drill() -> None:
    with pytest.raises(UsageError, match="there is nothing to drill; see --prometheus"):
        plans(replace(COMMITTED, rules={"99-own.yml": OWN}), [], K, PATIENCE)


def test_a_scrape_job_that_is_not_there_is_told() -> None:
    jobs = [job for job in COMMITTED.prometheus["scrape_configs"] if job["job_name"] != "aip-exporter"]
    without = replace(COMMITTED, prometheus=COMMITTED.prometheus | {"scrape_configs": jobs})
    with pytest.raises(
        UsageError, match=r"prometheus\.yml has no scrape job aip-exporter, whose targets the alerts judge"
    ):
        plans(without, ["AipCpuHigh"], K, PATIENCE)
    assert plans(without, ["PrometheusBadConfig"], K, PATIENCE)
