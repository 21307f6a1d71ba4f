"""Whatever happens, the reports, plain SQL, the exporter and Prometheus have the same numbers of a day and a week."""

import itertools
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from processor.ledger.connection import Ledger
from processor.model import ReportKind
from processor.reports.files import written
from processor.reports.making import make_report
from processor.settings.sections import MainFile, State
from tests.agreement import report
from tests.agreement.calendar import Look
from tests.agreement.counters import NAMES, counters
from tests.agreement.drawing import worlds
from tests.agreement.exposition import Samples, closed_periods
from tests.agreement.happenings import World
from tests.agreement.showing import Watching, shown, watching
from tests.agreement.writing import Writing
from tests.monitoring.conftest import Tools
from tests.reports.conftest import opened_in_haste

#: Of closed days and weeks, those where a 0 is shown for what did not occur.
_DENSE = frozenset(
    f"aip_report_{name}"
    for name in ("runs", "errors", "hour_runs", "duration_runs", "phase_seconds", "incidents", "alert_incidents")
)
#: No limit, 0, for the many examples of the profile `thorough`.
LIMIT_SECONDS = 600 if settings.default.derandomize else 0
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def prometheus(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    with watching(tools.prometheus, tmp_path_factory.mktemp("watching")) as running:
        yield running


@pytest.mark.timeout(LIMIT_SECONDS)
@settings(max_examples=settings.default.max_examples // 3)
@given(world=worlds())
def test_the_report_is_plain_sql_is_prometheus(prometheus: Watching, world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        state = State(directory=Path(folder))
        ledger = opened_in_haste(state.directory)
        try:
            check(world, ledger, state, prometheus)
        finally:
            ledger.close()


def check(
    world: World, ledger: Ledger, state: State, prometheus: Watching, environ: Mapping[str, str] | None = None
) -> None:
    """Let a world happen, and hold all that tell of it against each other; `ledger`, that of `state`, is new."""
    found = scraped(world, ledger, state, environ or {})
    with ledger.read() as db:
        assert differences(_of_closed_periods(found[world.look.now]), closed_periods(db, world.look)) == {}
        documents = {kind: _document(ledger, world.look, kind) for kind in ReportKind}
        for kind, document in documents.items():
            expected = report.numbers(db, world.look, kind)
            assert differences({key: document[key] for key in expected}, expected) == {}
    number = next(_numbers)
    prometheus.keep(number, found)
    assert differences(prometheus.asked(f'{{world="{number}"}}', world.look.now), found[world.look.now]) == {}
    spans = {ReportKind.DAILY: world.look.day(), ReportKind.WEEKLY: world.look.week()}
    for kind, span in spans.items():
        if not _are_moved(world, *span):
            _check_increase(prometheus, number, span, documents[kind])


def scraped(world: World, ledger: Ledger, state: State, environ: Mapping[str, str]) -> dict[float, Samples]:
    """Scrape at the edges of the day and the week, and at the look; each time the counters are those of the ledger."""
    writing, found = Writing(ledger, world), {}
    with shown(state, world.look, environ) as exporter:
        for moment in sorted({*world.look.week(), *world.look.day(), world.look.now}):
            writing.go_on(moment)
            found[moment] = exporter.at(moment)
            with ledger.read() as db:
                told = {key: value for key, value in found[moment].items() if key[0] in NAMES and value}
                assert differences(told, counters(db)) == {}
    return found


def _are_moved(world: World, start: float, end: float) -> bool:
    """Tell whether totals were changed by something else than work, so that differences mean nothing."""
    moments = [moment for one in world.adopted for moment in (one.at, one.opened_at)]
    if world.imported is not None and world.imported.is_counted:
        moments.append(world.imported.at)
    return any(start <= moment < end for moment in moments)


def _check_increase(prometheus: Watching, number: int, span: tuple[float, float], told: report.Document) -> None:
    """Hold what the counters grew by from edge to edge against the report."""

    def grew(selector: str, by: str = "") -> dict[tuple[str, ...], float]:
        return {key: value for key, value in prometheus.increase(number, selector, by, span).items() if value}

    breakdown = told["issues_breakdown"]
    assert grew("aip_runs_total", "priority, outcome") == _counts(breakdown["by_priority"])
    assert grew("aip_runs_total", "repository, outcome") == _counts(breakdown["by_repository"])
    assert grew("aip_errors_total", "error_type") == {(kind,): count for kind, count in told["errors"].items()}
    performance = told["performance"]
    up_to_300_s = performance["distribution"]["fast"] + performance["distribution"]["medium"]
    assert sum(grew('aip_run_duration_seconds_bucket{le="300.0"}').values()) == up_to_300_s
    assert sum(grew("aip_run_duration_seconds_count").values()) == told["summary"]["total_issues_processed"]
    assert round(sum(grew("aip_run_duration_seconds_sum").values()), 2) == performance["total_time"]


def _counts(groups: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, ...], float]:
    """Give each count by its labels in the order of their names, `outcome` first."""
    return {(outcome, group): count for group, counts in groups.items() for outcome, count in counts.items() if count}


def _of_closed_periods(found: Samples) -> Samples:
    return {
        (name, labels): value
        for (name, labels), value in found.items()
        if name.startswith("aip_report_") and (value or name not in _DENSE)
    }


def _document(ledger: Ledger, look: Look, kind: ReportKind) -> report.Document:
    """Read the report as `aip report --format json` writes it; of the runs that took longest their ids and seconds."""
    main = MainFile(timezone=look.zone_name)
    made = make_report(ledger, main, kind, day=None, now=look.now)
    document: report.Document = json.loads(written(made, "json", main.reports.thresholds))
    document["performance"]["longest"] = [(one["run_id"], one["seconds"]) for one in document["performance"]["longest"]]
    return document


def differences(found: Mapping[Any, object], expected: Mapping[Any, object]) -> dict[Any, tuple[object, object]]:
    """Give what is not as it has to be, beside what it has to be."""
    return {
        key: (found.get(key), expected.get(key))
        for key in found.keys() | expected.keys()
        if found.get(key) != expected.get(key)
    }
