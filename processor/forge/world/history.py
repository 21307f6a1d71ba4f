"""The events of an issue, as GitHub's timeline tells them."""

import re

from processor.forge.storage.activity import Event
from processor.forge.storage.records import Issue
from processor.forge.storage.store import Store
from processor.forge.times import Clock, written

CLOSING = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)\b", re.IGNORECASE)
MENTION = re.compile(r"(?<![\w/&])#(\d+)\b")


class History:
    """Write and read events."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Keep events in `store`, stamped by `clock`."""
        self._store = store
        self._clock = clock

    def add(
        self,
        issue: Issue,
        event: str,
        *,
        actor: str,
        label: str | None = None,
        assignee: str | None = None,
        commit_id: str | None = None,
        renamed: tuple[str, str] | None = None,
        source_number: int | None = None,
    ) -> Event:
        """Note that `event` (GitHub's word) happened to the issue."""
        return self._store.put(
            Event(
                id=self._store.next_id(),
                repository_id=issue.repository_id,
                number=issue.number,
                event=event,
                actor=actor,
                created_at=written(self._clock()),
                label=label,
                assignee=assignee,
                commit_id=commit_id,
                renamed_from=renamed[0] if renamed else None,
                renamed_to=renamed[1] if renamed else None,
                source_number=source_number,
            )
        )

    def of(self, issue: Issue) -> list[Event]:
        """Return the events of an issue, oldest first."""
        return self._store.children(Event, issue.repository_id, issue.number)


def closed_by(text: str) -> list[int]:
    """Return the numbers of the issues that a text such as `Fixes #7` closes."""
    return [int(number) for number in CLOSING.findall(text)]


def mentioned_in(text: str) -> list[int]:
    """Return the numbers that a text mentions as #N, each once."""
    return list(dict.fromkeys(int(number) for number in MENTION.findall(text)))
