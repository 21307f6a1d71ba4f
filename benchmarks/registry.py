"""Every benchmark by name: a new one is a module with `measure(scale)` and a line here."""

from collections.abc import Callable, Iterable

from benchmarks import (
    daily_report,
    exporter_scrape,
    false_alarms,
    idle_service,
    log_analysis,
    pipeline_overhead,
    quiet_poll,
)
from benchmarks.figure import Figure
from benchmarks.scale import Scale

Measure = Callable[[Scale], Iterable[Figure]]

BENCHMARKS: dict[str, Measure] = {
    "pipeline": pipeline_overhead.measure,
    "idle": idle_service.measure,
    "poll": quiet_poll.measure,
    "exporter": exporter_scrape.measure,
    "report": daily_report.measure,
    "alerts": false_alarms.measure,
    "analyze": log_analysis.measure,
}
