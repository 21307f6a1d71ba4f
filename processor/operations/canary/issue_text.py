"""What the canary's issue says. Pure; the marker in it is how the issue is found again."""

from dataclasses import dataclass

from processor.settings.sections import MainFile

#: Stands in every issue of ours; the round's id follows.
MARKER = "<!-- aip:canary "
_ABOUT = (
    "*This issue is the canary of the Auto Issue Processor: it goes the way of every issue, and is closed again with "
    "its pull request. It needs nobody.*"
)


@dataclass(frozen=True)
class IssueText:
    """What GitHub is asked to make."""

    title: str
    body: str
    labels: tuple[str, ...]


def marker_of(round_id: str) -> str:
    """Give the marker of a round."""
    return f"{MARKER}{round_id} -->"


def issue_text(main: MainFile, round_id: str) -> IssueText:
    """Write the issue of a round; its labels have it taken, with the priority of the settings."""
    canary = main.canary
    urgent = main.intake.labels_by_priority.get(canary.priority, ())[:1]
    return IssueText(
        title=f"Canary: {canary.title}",
        body=f"{canary.task}\n\n{_ABOUT}\n\n{marker_of(round_id)}\n",
        labels=(main.intake.label, *urgent),
    )
