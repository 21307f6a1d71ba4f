"""An analysis as text with bars, and as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from rich.text import Text

from processor.cli import screen, words
from processor.model import Band
from processor.operations.analysis.analysis import Analysis, By, Longest
from processor.operations.analysis.durations import Distribution
from processor.operations.analysis.log_scan import Remarks

_BAR = 40
_BANDS = {Band.FAST: ("< 60 s", "green"), Band.MEDIUM: ("60–300 s", "yellow"), Band.SLOW: ("> 300 s", "red")}


@dataclass(frozen=True)
class Report:
    """An analysis, and what it is of. `remarks` is None for the ledger, which has nothing odd in it."""

    source: str
    analysis: Analysis
    by: By | None
    since: float | None
    remarks: Remarks | None = None


def as_json(report: Report) -> dict[str, Any]:
    """Give everything; times in seconds, `since` in seconds of the epoch."""
    found = report.analysis
    return {
        "source": report.source,
        "since": report.since,
        "by": report.by,
        "overall": found.overall and asdict(found.overall),
        "groups": {name: asdict(one) for name, one in found.groups.items()} if report.by else {},
        "longest": [asdict(one) for one in found.longest],
        "remarks": report.remarks and asdict(report.remarks),
    }


def show(report: Report) -> None:
    """Print it."""
    overall = report.analysis.overall
    since = "" if report.since is None else f" since {words.moment(report.since)}"
    if overall is None:
        screen.say(f"no processing time is found in {report.source}{since}")
    else:
        counted = "phase" if report.by is By.PHASE else "run"
        screen.say(f"Processing time of {words.count(overall.count, counted)}{since}, from {report.source}", "bold")
        screen.print_fields(_numbers(overall))
        screen.say()
        for band, (name, colour) in _BANDS.items():
            screen.line(_bar(name, colour, overall.bands[band], overall.count))
        _show_groups(report)
        _show_longest(report.analysis.longest)
    if report.remarks is not None:
        _show_remarks(report.remarks)


def _numbers(one: Distribution) -> dict[str, screen.Cell | None]:
    return {
        "mean": f"{one.mean_seconds:.2f} s",
        "median": f"{one.median_seconds:.2f} s",
        "p95": f"{one.p95_seconds:.2f} s",
        "longest": f"{one.longest_seconds:.2f} s",
    }


def _bar(name: str, colour: str, count: int, total: int) -> Text:
    share = count / total
    length = max(round(share * _BAR), 1 if count else 0)
    return Text.assemble(f"{name:<9}{count:>10} {100 * share:>5.1f} %  ", ("█" * length, colour))


def _show_groups(report: Report) -> None:
    if report.by is None:
        return
    screen.say()
    headings = (
        str(report.by).upper(),
        "COUNT",
        "MEAN",
        "MEDIAN",
        "P95",
        "LONGEST",
        *(name for name, _ in _BANDS.values()),
    )
    rows = [
        (name, str(one.count), *map(str, _numbers(one).values()), *(str(one.bands[band]) for band in _BANDS))
        for name, one in report.analysis.groups.items()
    ]
    screen.print_table(headings, rows)


def _show_longest(longest: tuple[Longest, ...]) -> None:
    if not longest:
        return
    screen.say()
    phase = [(one.phase,) if one.phase else () for one in longest]
    rows = [
        (f"{one.seconds:.2f} s", *of_phase, one.issue or "-", one.run_id or "-", one.place or one.link or "-")
        for one, of_phase in zip(longest, phase, strict=True)
    ]
    headings = ("LONGEST", *(("PHASE",) if phase[0] else ()), "ISSUE", "RUN", "WHERE")
    screen.print_table(headings, rows, cuts_last=False)


def _show_remarks(remarks: Remarks) -> None:
    """Say on stderr what was not as it should be."""
    if remarks.without_number:
        places = ", ".join(remarks.places)
        screen.note(f"{words.count(remarks.without_number, 'line')} without seconds, left out: {places}")
    if remarks.undated:
        screen.note(f"{words.count(remarks.undated, 'line')} without a date, left out by --since")
    if remarks.damaged:
        screen.note(f"{words.count(remarks.damaged, 'damaged line')}; what can be read of them is counted")
    for trouble in remarks.troubles:
        screen.note(trouble)
