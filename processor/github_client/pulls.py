"""Pull requests: look them up by branch, open, change, close, and see what reviewers and checks say."""

from functools import partial
from typing import Literal

from processor.errors import GitHubAuthError, GitHubError
from processor.github_client import parsing, states
from processor.github_client.addresses import path_part, repository_path
from processor.github_client.session import Session, parsed
from processor.github_client.texts import fitting
from processor.github_client.values import EndpointGroup
from processor.model import CiState, PullRequest, Reviews

PullState = Literal["open", "closed", "all"]


def pull_path(repository: str, number: int) -> str:
    """Give the REST path of a pull request."""
    return f"{repository_path(repository)}/pulls/{number}"


def find(session: Session, repository: str, owner: str, head_branch: str) -> tuple[PullRequest, ...]:
    """Find the pull requests of a branch of this same repository, open or not, newest first.

    Args:
        owner: who owns the repository today; GitHub finds nothing under the name of a former owner.
    """
    parameters = {"state": "all", "head": f"{owner}:{head_branch}", "sort": "created", "direction": "desc"}
    found = _list(session, repository, parameters)
    return tuple(pull for pull in found if pull.head_branch == head_branch and pull.head_repository == repository)


def list_ours(session: Session, repository: str, branch_prefix: str, state: PullState) -> tuple[PullRequest, ...]:
    """List the pull requests whose branch in this repository begins with the prefix, oldest first."""
    found = _list(session, repository, {"state": state, "sort": "created", "direction": "asc"})
    return tuple(
        pull for pull in found if pull.head_branch.startswith(branch_prefix) and pull.head_repository == repository
    )


def get(session: Session, repository: str, number: int) -> PullRequest:
    """Read one pull request."""
    parse = partial(parsing.pull_request, repository)
    return session.read(pull_path(repository, number), EndpointGroup.PULL_REQUESTS, parse).value


def create(
    session: Session, repository: str, *, head: str, base: str, title: str, body: str, draft: bool
) -> PullRequest:
    """Open a pull request in a single try; without drafts in the repository's plan it is opened as a plain one."""
    content = {"head": head, "base": base, "title": title, "body": fitting(body), "draft": draft}
    try:
        return _open(session, repository, content)
    except GitHubError as exc:
        if not draft or "draft pull requests are not supported" not in str(exc).lower():
            raise
        return _open(session, repository, {**content, "draft": False})


def update(
    session: Session,
    repository: str,
    number: int,
    *,
    title: str | None,
    body: str | None,
    base: str | None,
    state: Literal["open", "closed"] | None,
) -> PullRequest:
    """Change what is given; None leaves it."""
    given = {"title": title, "body": None if body is None else fitting(body), "base": base, "state": state}
    content = {name: value for name, value in given.items() if value is not None}
    path = pull_path(repository, number)
    answer = session.call("PATCH", path, EndpointGroup.PULL_REQUESTS, body=content)
    return parsed(answer, f"PATCH {path}", partial(parsing.pull_request, repository))


def reviews(session: Session, repository: str, number: int) -> Reviews:
    """Say what reviewers have said, taken together, and since when."""
    path = f"{pull_path(repository, number)}/reviews"
    return states.summed_up(session.read_list(path, EndpointGroup.PULL_REQUESTS, states.reviews).value)


def ci_state(session: Session, repository: str, sha: str) -> CiState:
    """Say what statuses and check runs of a commit say, taken together.

    Fine-grained tokens have no right to read check runs of private repositories, so one of the two may be refused.
    """
    commit = f"{repository_path(repository)}/commits/{path_part(sha)}"
    found: list[CiState] = []
    refused: list[GitHubAuthError] = []
    for path, parse in ((f"{commit}/status", states.status_states), (f"{commit}/check-runs", states.check_run_states)):
        try:
            found += session.read_list(path, EndpointGroup.CHECKS, parse).value
        except GitHubAuthError as exc:
            refused.append(exc)
    if len(refused) == 2:
        raise refused[0]
    return states.ci_state(found)


def _list(session: Session, repository: str, parameters: dict[str, str]) -> tuple[PullRequest, ...]:
    path = f"{repository_path(repository)}/pulls"
    parse = partial(parsing.pull_requests, repository)
    found = session.read_list(path, EndpointGroup.PULL_REQUESTS, parse, parameters).value
    return tuple({pull.number: pull for pull in found}.values())


def _open(session: Session, repository: str, content: dict[str, object]) -> PullRequest:
    path = f"{repository_path(repository)}/pulls"
    answer = session.call("POST", path, EndpointGroup.PULL_REQUESTS, body=content)
    return parsed(answer, f"POST {path}", partial(parsing.pull_request, repository))
