"""Read GitHub's JSON into our values. Pure; a missing key or a wrong type is a KeyError, TypeError or ValueError.

Source: https://docs.github.com/en/rest
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from processor.github_client.app_tokens import InstallationToken
from processor.github_client.values import Comment, Commit, RepositoryInfo
from processor.model import Issue, IssueRef, PullRequest

Json = Mapping[str, Any]


def moment(text: str) -> datetime:
    """Read a time such as 2026-01-31T12:00:00Z."""
    return datetime.fromisoformat(text)


def optional_moment(text: str | None) -> datetime | None:
    """Read a time that may be absent."""
    return moment(text) if text else None


def login(account: Json | None) -> str:
    """Give the login, empty for a deleted account."""
    return str(account["login"]) if account else ""


def issue(repository: str, data: Json) -> Issue:
    """Read an issue, or a pull request that GitHub shows as one."""
    return Issue(
        ref=IssueRef(repository, int(data["number"])),
        title=str(data["title"]),
        body=data["body"] or "",
        labels=tuple(str(label["name"]) for label in data["labels"]),
        author=login(data["user"]),
        author_association=str(data.get("author_association") or "NONE"),
        assignees=tuple(login(account) for account in data.get("assignees") or ()),
        is_locked=bool(data.get("locked")),
        is_open=data["state"] == "open",
        is_pull_request="pull_request" in data,
        created_at=moment(data["created_at"]),
        updated_at=moment(data["updated_at"]),
        url=str(data["html_url"]),
    )


def issue_with_home(repository: str, data: Json) -> tuple[Issue, str]:
    """Read an issue and the name, OWNER/REPO, of the repository in which it is now."""
    return issue(repository, data), "/".join(str(data["repository_url"]).rsplit("/", 2)[-2:])


def issues(repository: str, data: list[Json]) -> tuple[Issue, ...]:
    """Read a page of issues."""
    return tuple(issue(repository, one) for one in data)


def reopenings(data: list[Json]) -> tuple[datetime | None, ...]:
    """Read a page of events: the time of each reopening, None for every other event."""
    return tuple(moment(event["created_at"]) if event["event"] == "reopened" else None for event in data)


def label_names(data: list[Json]) -> tuple[str, ...]:
    """Read a page of labels."""
    return tuple(str(label["name"]) for label in data)


def comment(data: Json) -> Comment:
    """Read a comment."""
    return Comment(
        id=int(data["id"]),
        author=login(data["user"]),
        body=data["body"] or "",
        url=str(data["html_url"]),
        created_at=moment(data["created_at"]),
        updated_at=moment(data["updated_at"]),
    )


def comments(data: list[Json]) -> tuple[Comment, ...]:
    """Read a page of comments."""
    return tuple(comment(one) for one in data)


def pull_request(repository: str, data: Json) -> PullRequest:
    """Read a pull request; a head in the same repository has our name for it, even after a rename."""
    head = (data["head"].get("repo") or {}).get("full_name") or ""
    is_same = head.lower() == str(data["base"]["repo"]["full_name"]).lower()
    return PullRequest(
        repository=repository,
        number=int(data["number"]),
        url=str(data["html_url"]),
        title=str(data["title"]),
        body=data["body"] or "",
        head_branch=str(data["head"]["ref"]),
        head_sha=str(data["head"]["sha"]),
        head_repository=repository if is_same else head,
        base_branch=str(data["base"]["ref"]),
        is_open=data["state"] == "open",
        is_draft=bool(data.get("draft")),
        is_merged=data.get("merged_at") is not None,
        created_at=moment(data["created_at"]),
        merged_at=optional_moment(data.get("merged_at")),
        closed_at=optional_moment(data.get("closed_at")),
    )


def pull_requests(repository: str, data: list[Json]) -> tuple[PullRequest, ...]:
    """Read a page of pull requests."""
    return tuple(pull_request(repository, one) for one in data)


def repository_info(git_base: str, data: Json) -> RepositoryInfo:
    """Read a repository; its clone address is built on our own base, whatever the answer says."""
    name = str(data["full_name"])
    return RepositoryInfo(
        name=name,
        default_branch=str(data["default_branch"]),
        clone_url=f"{git_base}/{name}.git",
        is_private=bool(data["private"]),
        can_push=bool((data.get("permissions") or {}).get("push")),
        has_issues=bool(data.get("has_issues", True)),
        is_archived=bool(data.get("archived")),
    )


def branch_sha(data: Json) -> str:
    """Read the commit that a branch points to."""
    return str(data["object"]["sha"])


def commit(data: Json) -> Commit:
    """Read a commit of git."""
    return Commit(
        sha=str(data["sha"]),
        message=str(data["message"]),
        committer_name=str(data["committer"]["name"]),
        committer_email=str(data["committer"]["email"]),
    )


def installation_token(data: Json) -> InstallationToken:
    """Read a token that GitHub minted for an App."""
    return InstallationToken(
        value=str(data["token"]),
        expires_at=moment(data["expires_at"]),
        permissions={str(name): str(level) for name, level in (data.get("permissions") or {}).items()},
    )
