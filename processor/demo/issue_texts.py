"""Write the issue of a defect as a maintainer would: rule, path, places, why, and what is wanted."""

from processor.demo.defects import Defect
from processor.demo.plan import CODESPELL, RUFF, PlannedIssue
from processor.demo.rules import SPELLING_REASON, nature_of

_PLACES_SHOWN = 20
_LONGEST_MESSAGE = 100


def issue_of(defect: Defect) -> PlannedIssue:
    """Plan the issue of one defect; the recipe reads rule and path from its text."""
    is_spelling = defect.tool == "codespell"
    return PlannedIssue(
        title=_spelling_title(defect) if is_spelling else _ruff_title(defect),
        body=_body(defect),
        priority=defect.priority,
        labels=(CODESPELL if is_spelling else RUFF,),
    )


def reason_of(defect: Defect) -> str:
    """Say in one sentence why a defect matters."""
    nature = nature_of(defect.rule)
    return SPELLING_REASON if nature is None else nature.reason


def _ruff_title(defect: Defect) -> str:
    message = defect.places[0][1].partition(". ")[0][:_LONGEST_MESSAGE]
    return f"`{defect.path}`: {message} ({defect.rule}{_times(len(defect.places))})"


def _spelling_title(defect: Defect) -> str:
    return f"`{defect.path}`: {defect.places[0][1]} (spelling{_times(len(defect.places))})"


def _times(number: int) -> str:
    return "" if number == 1 else f", {number} places"


def _body(defect: Defect) -> str:
    shown = [f"- line {line}: {message}" for line, message in defect.places[:_PLACES_SHOWN]]
    if len(defect.places) > _PLACES_SHOWN:
        shown.append(f"- and {len(defect.places) - _PLACES_SHOWN} more")
    command = "codespell" if defect.tool == "codespell" else f"ruff check --select {defect.rule}"
    return "\n".join(
        [
            f"`{command}` on `{defect.path}` reports:",
            "",
            *shown,
            "",
            f"{reason_of(defect)} Please mend all of them in this file, and change nothing else.",
        ]
    )
