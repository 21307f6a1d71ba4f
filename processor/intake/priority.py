"""Read an issue's priority from its labels, then from the words of its title."""

import re
from collections.abc import Iterable, Sequence

from processor.intake.names import folded
from processor.model import Priority
from processor.settings.sections import Intake


def priority_of(title: str, labels: Sequence[str], intake: Intake) -> Priority:
    """Give the highest priority that a label names; else the highest that the title names; else medium.

    Labels count whole and in any case. Title words count whole too: `prefix` is no `fix`. A phrase such as
    `high priority` matches those words side by side, whatever space or hyphen is between them.
    """
    named = {folded(label).strip() for label in labels}
    for priority in Priority:
        if any(folded(label) in named for label in intake.labels_by_priority.get(priority, ())):
            return priority
    words = _words(title)
    for priority in Priority:
        if _names_any(words, intake.title_words_by_priority.get(priority, ())):
            return priority
    return Priority.MEDIUM


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", folded(text))


def _names_any(words: Sequence[str], phrases: Iterable[str]) -> bool:
    return any(_holds(words, _words(phrase)) for phrase in phrases)


def _holds(words: Sequence[str], phrase: Sequence[str]) -> bool:
    if not phrase:
        return False
    return any(list(words[at : at + len(phrase)]) == list(phrase) for at in range(len(words) - len(phrase) + 1))
