"""Count the open security alerts of a repository: Dependabot, code scanning, secret scanning.

Source: https://docs.github.com/en/rest/dependabot/alerts, https://docs.github.com/en/rest/code-scanning/code-scanning,
https://docs.github.com/en/rest/secret-scanning/secret-scanning
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from processor.errors import GitHubError, GitHubForbidden, GitHubNotFound
from processor.github_client.addresses import repository_path
from processor.github_client.session import PAGE_SIZE, Session, parsed
from processor.github_client.values import AlertKind, EndpointGroup, SecurityAlerts

UNRATED: Final = "unrated"
_RATINGS: Final = frozenset({"critical", "high", "medium", "low"})
_MOST_PAGES: Final = 100
_NEXT: Final = re.compile(r'<([^>]+)>;\s*rel="next"')
#: GitHub's own words where a kind of alert is switched off, or there was no scan yet.
_SWITCHED_OFF: Final = re.compile(
    r"disabled|not enabled|must be enabled|no analysis found|not available", re.IGNORECASE
)


def count_open(session: Session, repository: str, kind: AlertKind) -> SecurityAlerts:
    """Count the open alerts of a kind by severity; where GitHub does not tell them, say why."""
    try:
        return SecurityAlerts(kind=kind, counts=_count(session, repository, kind), reason="")
    except (GitHubForbidden, GitHubNotFound) as exc:
        return SecurityAlerts(kind=kind, counts=None, reason=_reason(exc))


def _count(session: Session, repository: str, kind: AlertKind) -> Mapping[str, int]:
    path = f"{repository_path(repository)}/{kind.replace('_', '-')}/alerts"
    # These lists have cursors, not only page numbers, so the address that GitHub gives is followed.
    parameters = {"state": "open", "per_page": str(PAGE_SIZE)}
    counts: Counter[str] = Counter()
    for _ in range(_MOST_PAGES):
        answer = session.call("GET", path, EndpointGroup.SECURITY, parameters=parameters)
        counts.update(parsed(answer, f"GET {path}", lambda data: [_SEVERITY[kind](one) for one in data]))
        following = _NEXT.search(answer.headers.get("link", ""))
        if following is None:
            return dict(counts)
        parameters = dict(parse_qsl(urlsplit(following[1]).query))
    raise GitHubError(f"{repository} has more than {_MOST_PAGES * PAGE_SIZE} open alerts of {kind}; close some")


def _reason(error: GitHubError) -> str:
    if _SWITCHED_OFF.search(str(error)):
        return "not enabled"
    return "not enabled, or the token may not read it"


def _rated(severity: object) -> str:
    return str(severity) if severity in _RATINGS else UNRATED


_SEVERITY: Final[Mapping[AlertKind, Callable[[Mapping[str, Any]], str]]] = {
    AlertKind.DEPENDABOT: lambda alert: _rated(alert["security_advisory"]["severity"]),
    AlertKind.CODE_SCANNING: lambda alert: _rated(alert["rule"].get("security_severity_level")),
    AlertKind.SECRET_SCANNING: lambda alert: _rated(alert.get("severity")),
}
