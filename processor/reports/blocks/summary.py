"""What a report says first: the numbers that are looked at, and what to do. Pure."""

from processor.reports.document import AnyReport
from processor.reports.page import (
    Advice,
    Advices,
    Figure,
    Figures,
    Tone,
)
from processor.reports.words import Words
from processor.settings.sections import ReportThresholds

#: The handbook's goal; between the threshold and the goal a report asks for a look.
GOAL_PERCENT = 85.0
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


def rate_tone(rate: float | None, limits: ReportThresholds) -> Tone:
    """Tell what a success rate means."""
    if rate is None:
        return Tone.UNKNOWN
    if rate < 100 * limits.success_ratio:
        return Tone.ACT
    return Tone.LOOK if rate < GOAL_PERCENT else Tone.GOOD


def _against(words: Words, value: str | None) -> str:
    return "" if value is None else words.filled({"value": value}, "page", "before")
