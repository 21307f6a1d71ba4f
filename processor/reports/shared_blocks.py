"""The blocks that both reports have. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from processor.model import Band, Outcome, Phase, Priority
from processor.reports.document import AnyReport, Column, Outcomes
from processor.reports.page import (
    Advice,
    Advices,
    Bar,
    Bars,
    Chart,
    Columns,
    Figure,
    Figures,
    Limit,
    Lines,
    Link,
    Series,
    Table,
    Tone,
)
from processor.reports.words import Words
from processor.settings.sections import ReportThresholds

#: The handbook's goal; between the threshold and the goal a report asks for a look.
GOAL_PERCENT = 85.0
OUTCOME_TONES = {
    Outcome.SUCCESS: Tone.GOOD,
    Outcome.REJECTED: Tone.LOOK,
    Outcome.ERROR: Tone.ACT,
    Outcome.TIMEOUT: Tone.ACT_DARK,
    Outcome.CANCELLED: Tone.UNKNOWN,
}
_BAND_TONES = {Band.FAST: Tone.NEUTRAL_LIGHT, Band.MEDIUM: Tone.NEUTRAL, Band.SLOW: Tone.NEUTRAL_DARK}
_ADVICE_TONES = {"alert": Tone.ACT, "optimization": Tone.LOOK, "maintenance": Tone.NEUTRAL}


def headline(report: AnyReport, words: Words, limits: ReportThresholds, days: int) -> Figures:
    """Give the numbers that are looked at first."""
    summary, rate = report.summary, report.summary.success_rate
    mean, errors = summary.avg_processing_time, summary.errors_count
    before = report.before[0] if report.before else None
    processed_before = words.count(before.total_issues_processed) if before else None
    errors_before = words.count(before.errors_count) if before else None
    mean_before = words.seconds(before.avg_processing_time) if before else None
    return Figures(
        (
            Figure(words("processed"), words.count(summary.total_issues_processed),
                   _against(words, processed_before)),
            Figure(words("success_rate"), words.percent(rate), words("goal"), rate_tone(rate, limits)),
            Figure(words("errors"), words.count(errors), _against(words, errors_before),
                   Tone.LOOK if errors > limits.errors_per_day * days else Tone.PLAIN),
            Figure(words("mean_time"), words.seconds(mean),
                   _against(words, mean_before),
                   Tone.LOOK if mean is not None and mean > limits.mean_seconds else Tone.PLAIN),
            Figure(words("longest_time"), words.seconds(report.performance.longest_time)),
        )
    )  # fmt: skip


def advice(report: AnyReport, words: Words) -> Advices:
    """Give the recommendations."""
    items = (
        Advice(words("advice_types", one.type), one.message, one.action, _ADVICE_TONES[one.type])
        for one in report.recommendations
    )
    return Advices(tuple(items), words("no_data" if report.summary.remark else "nothing_to_do"))


def outcomes_over(title: str, heading: str, found: Sequence[tuple[str, Outcomes]], words: Words) -> Chart:
    """Draw how runs ended along a scale of time; the table leaves out where none did."""
    categories = tuple(name for name, _ in found)
    series = tuple(
        Series(words("outcomes", outcome), tone, tuple(float(counts.get(outcome, 0)) for _, counts in found))
        for outcome, tone in OUTCOME_TONES.items()
    )
    headings = (heading, *(one.name for one in series))
    rows = ((name, *(words.count(counts.get(outcome, 0)) for outcome in OUTCOME_TONES)) for name, counts in found
            if any(counts.values()))  # fmt: skip
    table = Table(headings, tuple(rows), words("no_data"))
    return Chart(title, Columns(categories, series), table, words("no_data"))


def success_over(title: str, columns: Sequence[Column], words: Words, limits: ReportThresholds) -> Chart:
    """Draw the success rate from the oldest to the newest period."""
    names = tuple(short_date(one.date, words) for one in columns)
    series = Series(words("success_rate"), Tone.NEUTRAL, tuple(one.success_rate for one in columns))
    lines = (
        Limit(GOAL_PERCENT, words("goal_line"), Tone.GOOD),
        Limit(100 * limits.success_ratio, _limit_line(words, limits), Tone.LOOK),
    )
    return Chart(title, Lines(names, (series,), lines), None, words("no_data"))


def comparison(columns: Sequence[Column], words: Words) -> Table:
    """Give periods row by row."""
    names = ("processed", "success_rate", "errors", "mean_time", "merged", "closed", "dollars")
    rows = (
        (
            long_date(one.date, words),
            words.count(one.total_issues_processed),
            words.percent(one.success_rate),
            words.count(one.errors_count),
            words.seconds(one.avg_processing_time),
            words.count(one.merged),
            words.count(one.closed),
            words.dollars(one.dollars),
        )
        for one in columns
    )
    return Table((words("from"), *map(words, names)), tuple(rows), words("no_data"))


def priorities(report: AnyReport, words: Words) -> Table:
    """Give the outcomes of each priority."""
    found = report.issues_breakdown.by_priority
    return _of_outcomes(words("priority"), ((words("priorities", one), found[one]) for one in Priority), words)


def repositories(report: AnyReport, words: Words) -> Table:
    """Give the outcomes of each repository."""
    return _of_outcomes(words("repository"), report.issues_breakdown.by_repository.items(), words)


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


def people_and_money(report: AnyReport, words: Words) -> Figures:
    """Give pull requests, incidents and cost."""
    pulls, cost = report.pull_requests, report.cost
    severe = sum(report.incidents.by_severity.get(one, 0) for one in ("critical", "high"))
    tokens = words.filled(
        {"read": words.count(cost.tokens_read), "written": words.count(cost.tokens_written)}, "page", "tokens"
    )
    return Figures(
        (
            Figure(words("opened"), words.count(pulls.opened)),
            Figure(words("merged"), words.count(pulls.merged)),
            Figure(words("closed"), words.count(pulls.closed)),
            Figure(
                words("incidents"),
                words.count(report.incidents.total),
                words.filled({"count": severe}, "page", "severe"),
                Tone.LOOK if severe else Tone.PLAIN,
            ),
            Figure(words("dollars"), words.dollars(cost.dollars), tokens),
            Figure(words("per_success"), words.dollars(cost.dollars_per_success)),
        )
    )


def as_column(report: AnyReport) -> Column:
    """Give the period itself as one among those before it."""
    return Column(
        date=report.date,
        outcomes=report.issues_breakdown.by_outcome,
        total_issues_processed=report.summary.total_issues_processed,
        success_rate=report.summary.success_rate,
        avg_processing_time=report.summary.avg_processing_time,
        errors_count=report.summary.errors_count,
        merged=report.pull_requests.merged,
        closed=report.pull_requests.closed,
        dollars=report.cost.dollars,
    )


def rate_tone(rate: float | None, limits: ReportThresholds) -> Tone:
    """Tell what a success rate means."""
    if rate is None:
        return Tone.UNKNOWN
    if rate < 100 * limits.success_ratio:
        return Tone.ACT
    return Tone.LOOK if rate < GOAL_PERCENT else Tone.GOOD


def long_date(text: str, words: Words) -> str:
    """Write a date with its day of the week."""
    day = date.fromisoformat(text)
    return words.filled({"date": text, "weekday": words("weekdays", str(day.weekday()))}, "page", "long_date")


def weekday(text: str, words: Words) -> str:
    """Name the day of the week of a date."""
    return words("weekdays", str(date.fromisoformat(text).weekday()))


def short_date(text: str, words: Words) -> str:
    """Write a date without its year, for the foot of a drawing."""
    day = date.fromisoformat(text)
    return words.filled({"month": day.month, "day": day.day}, "page", "short_date")


def _limit_line(words: Words, limits: ReportThresholds) -> str:
    return words.filled({"value": 100 * limits.success_ratio}, "page", "limit_line")


def _against(words: Words, value: str | None) -> str:
    return "" if value is None else words.filled({"value": value}, "page", "before")


def _with_share(words: Words, seconds: float, total: float) -> str:
    return f"{words.seconds(seconds)} ({words.percent(100 * seconds / total)})" if total else words.seconds(seconds)


def _of_outcomes(heading: str, found: Iterable[tuple[str, Mapping[Outcome, int]]], words: Words) -> Table:
    headings = (heading, *(words("outcomes", one) for one in OUTCOME_TONES))
    rows = ((name, *(words.count(counts[one]) for one in OUTCOME_TONES)) for name, counts in found)
    return Table(headings, tuple(rows), words("no_data"))


def _bars(title: str, headings: tuple[str, str], bars: tuple[Bar, ...], empty: str) -> Chart:
    rows = tuple((one.label, one.shown) for one in bars)
    return Chart(title, Bars(bars), Table(headings, rows, empty), empty)
