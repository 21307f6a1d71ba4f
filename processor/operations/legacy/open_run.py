"""A run that a log tells of, while it is read: what each kind of line changes about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from processor.ledger.imports import Claim
from processor.operations.legacy import old_values
from processor.operations.legacy.log_grammar import LogLine

_GOOD: Final = frozenset({"success", "completed"})
_SKIPPED: Final = frozenset({"skipped", "already_exists"})
#: After these nothing more comes of a run.
_LAST: Final = frozenset({"exists", "recent", "completed_line"})


@dataclass
class OpenRun:
    """A run whose end has not come yet."""

    issue: int
    place: str
    started_at: float | None = None
    last_at: float | None = None
    title: str = ""
    priority: str | None = None
    seconds: float | None = None
    claimed: Claim = Claim.UNKNOWN
    pull: int | None = None
    url: str | None = None
    error: str | None = None

    def take(self, told: LogLine, at: float | None) -> bool:
        """Note what a line says at a moment, None where it names none; True when it is the last one of the run.

        Raises:
            Misfit: its seconds are no number.
        """
        for name, value in _CHANGES[told.kind](self, told).items():
            setattr(self, name, value)
        self.last_at = at if at is not None else self.last_at
        return told.kind in _LAST


def _opened(_run: OpenRun, told: LogLine) -> dict[str, Any]:
    return {"claimed": Claim.SUCCESS, "pull": told.pull}


def _skipped(_run: OpenRun, told: LogLine) -> dict[str, Any]:
    return {"claimed": Claim.SKIPPED, "pull": told.pull}


def _succeeded(run: OpenRun, told: LogLine) -> dict[str, Any]:
    return {"claimed": Claim.SUCCESS, "title": told.text or run.title}


def _failed(_run: OpenRun, told: LogLine) -> dict[str, Any]:
    return {"claimed": Claim.ERROR, "error": told.text}


def _completed(run: OpenRun, told: LogLine) -> dict[str, Any]:
    claimed = Claim.ERROR
    if not told.status:
        claimed = Claim.SUCCESS if run.claimed is Claim.UNKNOWN else run.claimed
    elif told.status in _GOOD | _SKIPPED:
        claimed = Claim.SUCCESS if told.status in _GOOD else Claim.SKIPPED
    return {"seconds": old_values.seconds("the last word", told.text), "claimed": claimed}


_CHANGES: Final[Mapping[str, Callable[[OpenRun, LogLine], dict[str, Any]]]] = {
    "started": lambda _run, told: {"title": told.text},
    "processed_line": lambda _run, told: {"priority": old_values.priority(told.text)},
    "pull": _opened,
    "pull_alone": _opened,
    "opened": _opened,
    "pull_line": lambda run, told: {**_opened(run, told), "url": told.text or run.url},
    "address": lambda _run, told: {"url": told.text},
    "seconds": lambda _run, told: {"seconds": old_values.seconds("the processing time", told.text)},
    "publish_failed": _failed,
    "error_line": _failed,
    "error": lambda run, told: {"claimed": Claim.ERROR, "error": run.error or told.text},
    "succeeded": _succeeded,
    "succeeded_alone": _succeeded,
    "failed": lambda _run, _told: {"claimed": Claim.ERROR},
    "exists": _skipped,
    "recent": _skipped,
    "completed_line": _completed,
}
