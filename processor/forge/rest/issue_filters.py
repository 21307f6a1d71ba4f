"""Choose and order issues as the query of a list call says; pure."""

from collections.abc import Iterable, Mapping

from processor.forge.storage.records import Issue
from processor.forge.times import parsed, written


def matching(issues: Iterable[Issue], query: Mapping[str, str]) -> list[Issue]:
    """Return the issues that the query wants, in its order; open ones, newest first, if it says nothing."""
    found = [issue for issue in issues if _is_wanted(issue, query)]
    key = query.get("sort", "created")
    is_descending = query.get("direction", "desc") != "asc"
    return sorted(found, key=lambda issue: (_moment(issue, key), issue.number), reverse=is_descending)


def _is_wanted(issue: Issue, query: Mapping[str, str]) -> bool:
    return (
        query.get("state", "open") in {"all", issue.state}
        and _has_labels(issue, query.get("labels", ""))
        and _is_assigned(issue, query.get("assignee", ""))
        and query.get("creator", issue.author).lower() == issue.author.lower()
        and _is_since(issue, query.get("since", ""))
    )


def _has_labels(issue: Issue, wanted: str) -> bool:
    held = {name.lower() for name in issue.labels}
    return all(name.strip().lower() in held for name in wanted.split(",") if name.strip())


def _is_assigned(issue: Issue, wanted: str) -> bool:
    if wanted in {"", "*"}:
        return bool(issue.assignees) or not wanted
    return not issue.assignees if wanted == "none" else wanted in issue.assignees


def _is_since(issue: Issue, since: str) -> bool:
    try:
        return not since or issue.updated_at >= written(parsed(since))
    except ValueError:
        return True


def _moment(issue: Issue, key: str) -> str:
    return issue.updated_at if key == "updated" else issue.created_at
