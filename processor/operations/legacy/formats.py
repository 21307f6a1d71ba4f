"""The objects that the original system wrote as JSON, each known by the keys that it must have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, kw_only=True)
class Format:
    """One kind of object.

    `needs` are its keys with the types that their values may have; `only` further asks for the value of one key.
    `at`, `issue` and `pull_request` name the keys that hold these; empty when there are none.
    """

    kind: str
    needs: Mapping[str, tuple[type, ...]]
    only: tuple[str, str] = ("", "")
    at: str = "timestamp"
    is_utc: bool = False
    issue: str = ""
    pull_request: str = ""


_NUMBER: Final = (int, float)
_TEXT: Final = (str,)
_WHOLE: Final = (int,)
_FLAG: Final = (bool,)
_OBJECT: Final = (dict,)
#: The first one that fits is taken: what needs more stands before what needs less.
FORMATS: Final = (
    Format(
        kind="pr_quality",
        needs={"pr_number": _WHOLE, "overall_score": _NUMBER, "passed": _FLAG},
        pull_request="pr_number",
    ),
    Format(kind="quality_assessment", needs={"task_name": _TEXT, "quality_report": _OBJECT}),
    Format(
        kind="reopened", needs={"issue_number": _WHOLE, "timestamp": _TEXT, "result": _OBJECT}, issue="issue_number"
    ),
    Format(kind="metric", only=("type", "metric"), needs={"type": _TEXT, "metric_name": _TEXT, "value": _NUMBER}),
    Format(kind="alert", only=("type", "alert"), needs={"type": _TEXT, "severity": _TEXT, "title": _TEXT}),
    Format(kind="health", only=("type", "health_check"), needs={"type": _TEXT, "component": _TEXT, "status": _TEXT}),
    Format(kind="alert", needs={"type": _TEXT, "severity": _TEXT, "message": _TEXT, "timestamp": _TEXT}),
    Format(kind="security_audit", needs={"event_type": _TEXT, "user": _TEXT, "action": _TEXT}, is_utc=True),
    Format(
        kind="fatal_error", needs={"error_time": _TEXT, "error_type": _TEXT, "error_message": _TEXT}, at="error_time"
    ),
    Format(kind="error_report", needs={"error_id": _TEXT}),
    Format(kind="stats", needs={"processed": _WHOLE, "success": _WHOLE, "failed": _WHOLE}, at="start_time"),
    Format(kind="daily_report", needs={"date": _TEXT, "summary": _OBJECT}, at="date"),
    Format(kind="lock", needs={"key": _TEXT, "pid": _WHOLE, "acquired_at": _NUMBER}, at="acquired_at"),
    Format(kind="error_patterns", needs={"known_errors": _OBJECT}, at=""),
    Format(kind="issue_patterns", needs={"issue_patterns": (dict, list)}, at=""),
    Format(kind="known_solutions", needs={"known_solutions": (dict, list)}, at=""),
    Format(kind="aggregate", needs={"recent_issues": (list,)}, at=""),
    Format(kind="attempt", needs={"issue_id": (int, str), "timestamp": _TEXT}, issue="issue_id"),
    Format(kind="attempt", needs={"issue_number": (int, str), "timestamp": _TEXT}, issue="issue_number"),
)
#: Whose whole content is one object under a name of its own.
NAMED: Final = {"issue_patterns.json": "issue_patterns", "known_solutions.json": "known_solutions"}


def format_of(value: Mapping[str, Any]) -> Format | None:
    """Find the format of an object by its keys and one value; None when there is none."""
    return next((one for one in FORMATS if one.needs.keys() <= value.keys() and _is_kind(one, value)), None)


def wrong_type(form: Format, value: Mapping[str, Any]) -> str:
    """Say which value has a type that its format does not allow; empty when all are right."""
    for key, types in form.needs.items():
        found = value[key]
        if not isinstance(found, types) or (isinstance(found, bool) and bool not in types):
            return f"{key} of {form.kind} is {found!r:.60}, not {' or '.join(one.__name__ for one in types)}"
    return ""


def _is_kind(form: Format, value: Mapping[str, Any]) -> bool:
    key, wanted = form.only
    return not key or value.get(key) == wanted
