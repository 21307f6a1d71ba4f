"""Judge the weekly list's items about what people write; most of it only they can. Pure."""

from collections.abc import Mapping

from processor.checklists.judging.gravity import most_frequent
from processor.checklists.readings.upkeep import WeeklyReport
from processor.checklists.readings.work import Work, of_outcome
from processor.checklists.verdict import See, Verdict, asks_a_person, count, judged, seconds
from processor.model import FAILED_OUTCOMES
from processor.settings.sections import ChecklistLimits


def proposals(found: tuple[Work, WeeklyReport], _limits: ChecklistLimits) -> Verdict:
    """What should get better? The weekly report proposes; people decide."""
    week, report = found
    evidence = (
        count("proposals", len(report.proposals)),
        count("failed_runs", of_outcome(week.summary, *FAILED_OUTCOMES)),
        *(count("errors_of_type", n, of=kind) for kind, n in most_frequent(week.summary.errors)),
    )
    texts = (*report.proposals, *map(str, report.files))
    return asks_a_person(*evidence, see=[See(text=text) for text in texts])


def incident_review(found: Mapping[tuple[str, str], int], _limits: ChecklistLimits) -> Verdict:
    """What happened, and what is learned from it?"""
    by_alert: dict[str, int] = {}
    for (alert, _), number in sorted(found.items()):
        by_alert[alert] = by_alert.get(alert, 0) + number
    evidence = (
        count("incidents", sum(found.values())),
        *(count("incidents_of_alert", n, of=a) for a, n in by_alert.items()),
    )
    return asks_a_person(*evidence) if found else judged(*evidence)


def next_week_plan(found: Work, _limits: ChecklistLimits) -> Verdict:
    """What is done next week? Only people can say."""
    waiting = sum(one.issues for one in found.waiting)
    return asks_a_person(
        count("waiting", waiting), count("processed", found.processed), seconds("mean_time", found.summary.mean_seconds)
    )
