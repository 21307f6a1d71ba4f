"""What people have to do with it: pull requests, incidents and cost. Pure."""

from processor.reports.document import AnyReport
from processor.reports.page import (
    Figure,
    Figures,
    Tone,
)
from processor.reports.words import Words


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
