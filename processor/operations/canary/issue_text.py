"""What the canary's issue says. Pure; the marker in it is how the issue is found again, and whose it is."""

import re
from dataclasses import dataclass

from processor.settings.sections import MainFile

#: Stands in every issue of a canary; the ids of the round and of the installation follow.
MARKER = "<!-- aip:canary "
_MARK = re.compile(rf"{re.escape(MARKER)}([0-9a-f]+)(?: of ([0-9a-f]+))? -->")
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


@dataclass(frozen=True)
class Mark:
    """Which round of which installation made an issue; None for one that does not say it."""

    round_id: str
    installation: str | None


def marker_of(round_id: str, installation: str) -> str:
    """Give the marker of a round."""
    return f"{MARKER}{round_id} of {installation} -->"


def beginning_of_marker(round_id: str) -> str:
    """Give what the issue of a round is looked for by."""
    return f"{MARKER}{round_id} "


def mark_of(body: str) -> Mark | None:
    """Read the marker of an issue; None when it is not a canary's."""
    found = _MARK.search(body)
    return None if found is None else Mark(found[1], found[2])


def issue_text(main: MainFile, round_id: str, installation: str) -> IssueText:
    """Write the issue of a round; its labels have it taken, with the priority of the settings."""
    canary = main.canary
    urgent = main.intake.labels_by_priority.get(canary.priority, ())[:1]
    return IssueText(
        title=f"Canary: {canary.title}",
        body=f"{canary.task}\n\n{_ABOUT}\n\n{marker_of(round_id, installation)}\n",
        labels=(main.intake.label, *urgent),
    )
