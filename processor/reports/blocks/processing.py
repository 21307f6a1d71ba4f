"""How runs ended: over time, by priority and by repository. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from processor.model import Outcome, Priority
from processor.reports.document import AnyReport
from processor.reports.document_parts import Outcomes
from processor.reports.page import (
    Chart,
    Columns,
    Series,
    Table,
    Tone,
)
from processor.reports.words import Words

OUTCOME_TONES = {
    Outcome.SUCCESS: Tone.GOOD,
    Outcome.REJECTED: Tone.LOOK,
    Outcome.ERROR: Tone.ACT,
    Outcome.TIMEOUT: Tone.ACT_DARK,
    Outcome.CANCELLED: Tone.UNKNOWN,
}


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


def priorities(report: AnyReport, words: Words) -> Table:
    """Give the outcomes of each priority."""
    found = report.issues_breakdown.by_priority
    return _of_outcomes(words("priority"), ((words("priorities", one), found[one]) for one in Priority), words)


def repositories(report: AnyReport, words: Words) -> Table:
    """Give the outcomes of each repository."""
    return _of_outcomes(words("repository"), report.issues_breakdown.by_repository.items(), words)


def _of_outcomes(heading: str, found: Iterable[tuple[str, Mapping[Outcome, int]]], words: Words) -> Table:
    headings = (heading, *(words("outcomes", one) for one in OUTCOME_TONES))
    rows = ((name, *(words.count(counts[one]) for one in OUTCOME_TONES)) for name, counts in found)
    return Table(headings, tuple(rows), words("no_data"))
