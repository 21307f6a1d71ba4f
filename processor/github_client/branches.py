"""Branches on GitHub: where one stands, what that commit is, and deleting one that stands where we left it."""

from processor.errors import GitHubError, GitHubNotFound, PublishConflict
from processor.github_client import parsing
from processor.github_client.addresses import branch_part, repository_path
from processor.github_client.session import Session
from processor.github_client.values import Commit, EndpointGroup


def sha(session: Session, repository: str, branch: str) -> str | None:
    """Give the commit that the branch points to; None when there is no such branch."""
    path = f"{repository_path(repository)}/git/ref/heads/{branch_part(branch)}"
    try:
        return session.read(path, EndpointGroup.BRANCHES, parsing.branch_sha).value
    except GitHubNotFound:
        return None


def commit(session: Session, repository: str, sha: str) -> Commit:
    """Read a commit."""
    path = f"{repository_path(repository)}/git/commits/{sha}"
    return session.read(path, EndpointGroup.BRANCHES, parsing.commit).value


def delete(session: Session, repository: str, branch: str, expected_sha: str) -> bool:
    """Delete the branch if it stands at `expected_sha`; False when it is gone already.

    Raises:
        PublishConflict: somebody moved the branch.
    """
    standing = sha(session, repository, branch)
    if standing is None:
        return False
    if standing != expected_sha:
        raise PublishConflict(
            f"branch {branch} of {repository} stands at {standing[:12]}, not at our {expected_sha[:12]}, "
            "and is left alone; look at who moved it, then delete it by hand"
        )
    path = f"{repository_path(repository)}/git/refs/heads/{branch_part(branch)}"
    try:
        session.call("DELETE", path, EndpointGroup.BRANCHES)
    except GitHubError:
        # GitHub answers 422 for a branch that went away since we looked.
        if sha(session, repository, branch) is None:
            return False
        raise
    return True
