"""What Prometheus says is what the ledger and the forge hold, to the last digit, whoever is killed in between."""

from pathlib import Path

import pytest

from processor.ledger.records import RunRecord
from processor.model import IssueRef
from tests.acceptance.monitored import Monitored, Series, monitored
from tests.acceptance.recorded import FAMILIES, kept_sums, recorded
from tests.acceptance.system import REPOSITORY, System, wait_until
from tests.monitoring.conftest import ROOT, Tools, tools  # noqa: F401  # the fixture

_PRINTED = ROOT / "tests" / "testdata" / "agent_output" / "claude-json.ok.stdout"
_EVERY = f'{{job="aip-exporter", __name__=~"{"|".join(FAMILIES)}"}}'


def test_what_prometheus_says_is_what_happened_before_and_after_kill_9(
    system: System,
    tools: Tools,  # noqa: F811
    tmp_path: Path,
) -> None:
    system.settings["engine"]["retries"]["agent_exit"] = {"attempts": 2, "first_delay_seconds": 0.1}
    _add_an_agent_that_tells_what_it_spent(system)
    with monitored(system, tools, tmp_path / "prometheus") as watched:
        exporter = watched.start_exporter()
        _assert_zeros_before_the_first_start(watched)
        processor = system.start()
        early = [system.wait_for_outcome(ref) for ref in _open_one_of_each(system)]
        waiting = system.open_issue("Killed at work", labels=["agent:wait", "p1"])
        wait_until((system.marks / "agent-started").exists, "the agent")
        first, before = watched.wait_for_a_fresh_scrape(), recorded(_ledger(system))
        _assert_exact(system, watched.values(_EVERY, first))
        _assert_each_family_comes_from_one_process(watched)

        system.kill(processor)
        system.kill(exporter)
        _assert_silence_that_is_no_zero(watched)

        (system.marks / "agent-go").touch()
        queued = [waiting, system.open_issue("Opened while everybody was dead", labels=["p0"])]
        watched.start_exporter()
        processor = system.start()
        late = [system.wait_for_outcome(ref) for ref in queued]
        _merge_one_and_close_one(system, early[0].pull_request or 0, late[0].pull_request or 0)
        second = watched.wait_for_a_fresh_scrape()
        said = watched.values(_EVERY, second)
        assert {name for name, _ in said} == set(FAMILIES)  # no family is compared by its zeros alone
        _assert_exact(system, said)
        _assert_grown(watched, before, first, second)
        _assert_exemplars_are_runs(watched, [*early, *late])
        _assert_rules_count_the_same(watched, [*early, *late])
        assert sum(watched.values("aip_pull_requests_open", second).values()) == _pull_requests(system, "open")
        assert system.stop(processor) == 0


def _add_an_agent_that_tells_what_it_spent(system: System) -> None:
    """Have a program edit, and print what `claude` printed once."""
    script = f"sed -i s/helo/hello/ greeting.py && cat '{_PRINTED}'"
    system.settings["agents"]["spend"] = {
        "kind": "command",
        "profile": "claude",
        "prompt": "stdin",
        "argv": ["sh", "-c", script],
    }
    system.settings["repositories"][0]["agent_by_label"]["agent:spend"] = "spend"


def _open_one_of_each(system: System) -> list[IssueRef]:
    kinds = [("edit", "p0"), ("break", "p1"), ("fail", "p2"), ("lie", "p3"), ("hang", "p1"), ("spend", "p2")]
    refs = [system.open_issue(kind, labels=[f"agent:{kind}", label]) for kind, label in kinds]
    return [*refs, system.open_issue("Spend once more", labels=["agent:spend"])]


def _ledger(system: System) -> Path:
    return system.root / "state" / "ledger.sqlite"


def _assert_zeros_before_the_first_start(watched: Monitored) -> None:
    """There is not even a ledger yet, and every series is there: the first event is seen to come."""
    watched.wait_for_up("aip-exporter", 1)
    wait_until(lambda: {sample.value for sample in watched.ask(_EVERY)} == {0}, "zeros, and nothing else")
    wait_until(lambda: watched.ask('slo:aip_bad_events:total{slo="errors"}'), "the rules to know that it was 0")


def _assert_each_family_comes_from_one_process(watched: Monitored) -> None:
    shared = '{__name__!~"up|scrape_.+|process_.+|python_.+|aip_build_info", job=~"aip-.+"}'
    watched.wait_for_up("aip-processor", 1)
    asked = f"count by (__name__) (count by (__name__, job) ({shared}))"
    jobs_by_name = wait_until(lambda: len(found := watched.ask(asked)) > 50 and found, "the families of both")
    assert {sample.labels["__name__"] for sample in jobs_by_name if sample.value > 1} == set()


def _assert_silence_that_is_no_zero(watched: Monitored) -> None:
    for job in ("aip-processor", "aip-exporter"):
        watched.wait_for_up(job, 0)
    assert watched.ask(_EVERY) == ()
    _assert_exact(watched.system, watched.values(f"last_over_time({_EVERY}[1h])"))


def _merge_one_and_close_one(system: System, merged: int, closed: int) -> None:
    system.forge.merge_pull(REPOSITORY, merged, force=True)
    system.forge.close_pull(REPOSITORY, closed)

    def seen() -> bool:
        return _total(recorded(_ledger(system)), "aip_pull_requests_closed_total") == 2

    wait_until(seen, "the follow-up to see both")


def _pull_requests(system: System, state: str = "all") -> int:
    return len(system.forge.pulls(REPOSITORY, state=state))


def _assert_exact(system: System, said: dict[Series, float]) -> None:
    """Compare what Prometheus says with the records of the ledger, the sums that it keeps, and the forge."""
    happened, kept = recorded(_ledger(system)), kept_sums(_ledger(system))
    assert _sums(said, are_wanted=False) == _sums(happened, are_wanted=False)
    assert _sums(said) == kept
    assert _sums(said) == pytest.approx(_sums(happened), rel=1e-9)
    assert _total(said, "aip_pull_requests_created_total") == _pull_requests(system)


def _sums(values: dict[Series, float], *, are_wanted: bool = True) -> dict[Series, float]:
    return {series: value for series, value in values.items() if series[0].endswith("_sum") is are_wanted}


def _total(values: dict[Series, float], name: str) -> float:
    return sum(value for (found, _), value in values.items() if found == name)


def _assert_grown(watched: Monitored, before: dict[Series, float], first: float, second: float) -> None:
    """Ask `x - x offset`: a whole number of runs, although both processes died in between."""
    after = recorded(_ledger(watched.system))
    offset = f"{round((second - first) * 1000)}ms"
    for name in ("aip_runs_total", "aip_pull_requests_created_total", "aip_run_duration_seconds_count"):
        grew = watched.ask(f"sum({name}) - sum({name} offset {offset})", second)
        assert [one.value for one in grew] == [_total(after, name) - _total(before, name)] == [2]


def _assert_exemplars_are_runs(watched: Monitored, runs: list[RunRecord]) -> None:
    """A bucket of the duration leads to the last run that fell into it, and shows how long exactly that took."""
    shown = watched.exemplars("aip_run_duration_seconds_bucket")
    assert shown.items() <= {run.run_id: run.duration_seconds for run in runs}.items()
    assert max(runs, key=lambda run: run.finished_at or 0).run_id in shown


def _assert_rules_count_the_same(watched: Monitored, runs: list[RunRecord]) -> None:
    """What the alerts look at is exact as well: the kill lost no event of their windows and added none."""
    errors = sum(run.outcome in {"error", "timeout"} for run in runs)
    expected = {"slo_window:aip_events:increase": len(runs), "slo_window:aip_bad_events:increase": errors}
    names = "|".join(expected)

    def counted() -> dict[str, float]:
        samples = watched.ask(f'{{__name__=~"{names}", slo="errors", window="6h"}}')
        return {sample.labels["__name__"]: sample.value for sample in samples}

    wait_until(lambda: counted() == expected, f"the rules to count {expected}")
