"""Where the time went, and what went wrong. Pure."""

from processor.model import Band, Phase
from processor.reports.document import AnyReport, WeeklyReport
from processor.reports.page import (
    Bar,
    Bars,
    Chart,
    Figure,
    Figures,
    Link,
    Table,
    Tone,
)
from processor.reports.words import Words

_BAND_TONES = {Band.FAST: Tone.NEUTRAL_LIGHT, Band.MEDIUM: Tone.NEUTRAL, Band.SLOW: Tone.NEUTRAL_DARK}


def bottleneck(report: WeeklyReport, words: Words) -> Figures:
    """Name the phase that took most of the time."""
    found = report.bottleneck
    if found is None:
        return Figures((Figure(words("bottleneck"), words("no_data"), "", Tone.UNKNOWN),))
    share = words.filled({"share": found.share, "seconds": found.seconds}, "page", "of_the_time")
    return Figures((Figure(words("bottleneck"), words("phases", found.phase), share),))


def distribution(report: AnyReport, words: Words) -> Chart:
    """Draw how long runs took, in the handbook's three bands."""
    found = report.performance.distribution
    bars = (
        Bar(words("bands", band), found[band], words.count(found[band]), tone) for band, tone in _BAND_TONES.items()
    )
    headings = (words("time_of_work"), words("runs"))
    return _bars(words("distribution"), headings, tuple(bars), words("no_data"))


def phase_times(report: AnyReport, words: Words) -> Chart:
    """Draw where the time went."""
    found, total = report.performance.phases, sum(report.performance.phases.values())
    bars = tuple(Bar(words("phases", phase), found[phase], _with_share(words, found[phase], total)) for phase in Phase)
    headings = (words("phase"), words("time"))
    return _bars(words("phase_times"), headings, bars if total else (), words("no_data"))


def error_types(report: AnyReport, words: Words, most: int) -> Chart:
    """Draw the kinds of error that came most often."""
    bars = (Bar(kind, count, words.count(count), Tone.ACT) for kind, count in list(report.errors.items())[:most])
    headings = (words("error_type"), words("runs"))
    return _bars(words("error_types"), headings, tuple(bars), words("no_errors"))


def longest(report: AnyReport, words: Words) -> Table:
    """List the runs that took longest."""
    rows = (
        (
            one.issue,
            words("outcomes", one.outcome),
            Link(one.pull_request, one.pull_request) if one.pull_request else "–",
            words.seconds(one.seconds),
        )
        for one in report.performance.longest
    )
    headings = (words("issue"), words("outcome"), words("pull_request"), words("time_of_work"))
    return Table(headings, tuple(rows), words("no_data"), texts=3)


def _with_share(words: Words, seconds: float, total: float) -> str:
    return f"{words.seconds(seconds)} ({words.percent(100 * seconds / total)})" if total else words.seconds(seconds)


def _bars(title: str, headings: tuple[str, str], bars: tuple[Bar, ...], empty: str) -> Chart:
    rows = tuple((one.label, one.shown) for one in bars)
    return Chart(title, Bars(bars), Table(headings, rows, empty), empty)
