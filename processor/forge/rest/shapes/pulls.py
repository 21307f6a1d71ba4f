"""Pull requests, statuses and check runs as GitHub's JSON."""

from processor.forge.git import reading
from processor.forge.rest.call import Json
from processor.forge.rest.links import Links
from processor.forge.rest.shapes import issues
from processor.forge.rest.shapes import repositories as repository_shapes
from processor.forge.rest.shapes.people import association, user
from processor.forge.storage.activity import CheckRun, Status
from processor.forge.storage.records import Pull, Repository
from processor.forge.world.checks import combined_state
from processor.forge.world.pulls import PullRequest
from processor.forge.world.world import World


def pull(world: World, links: Links, repository: Repository, found: PullRequest) -> Json:
    """Return a pull request as lists show it."""
    issue, side = found.issue, found.pull
    url = f"{links.repository(repository)}/pulls/{issue.number}"
    issue_url = f"{links.repository(repository)}/issues/{issue.number}"
    page = links.issue_page(repository, issue)
    assignees = [user(world, links, login) for login in issue.assignees]
    addresses = {"self": url, "html": page, "issue": issue_url, "comments": f"{issue_url}/comments"}
    return {
        "url": url,
        "id": issue.id,
        "node_id": f"PR_{issue.id}",
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue_url,
        "commits_url": f"{url}/commits",
        "review_comments_url": f"{url}/comments",
        "comments_url": f"{issue_url}/comments",
        "statuses_url": f"{links.repository(repository)}/statuses/{side.head_sha}",
        "number": issue.number,
        "state": issue.state,
        "locked": issue.is_locked,
        "active_lock_reason": issue.lock_reason,
        "title": issue.title,
        "user": user(world, links, issue.author),
        "body": issue.body,
        "labels": issues.labels_of(world, links, repository, issue),
        "milestone": None,
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "closed_at": issue.closed_at,
        "merged_at": side.merged_at,
        "merge_commit_sha": side.merge_commit_sha,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "requested_reviewers": [user(world, links, login) for login in side.requested_reviewers],
        "requested_teams": [],
        "draft": side.is_draft,
        "head": _end(world, links, repository, side.head_ref, side.head_sha),
        "base": _end(world, links, repository, side.base_ref, side.base_sha),
        "_links": {name: {"href": address} for name, address in addresses.items()},
        "author_association": association(repository, issue.author, issue.author_association),
        "auto_merge": None,
    }


def pull_in_full(world: World, links: Links, repository: Repository, found: PullRequest) -> Json:
    """Return a pull request by itself: with its size and whether it can be merged."""
    bare = world.repositories.bare(repository)
    side = found.pull
    files = reading.changed_files(bare, start(world, repository, side), side.head_sha)
    is_open = found.issue.state == "open"
    mergeable = world.pulls.mergeable(repository, side) if is_open else None
    state = "unknown" if mergeable is None else "dirty" if not mergeable else "draft" if side.is_draft else "clean"
    return {
        **pull(world, links, repository, found),
        "merged": side.merged_at is not None,
        "merged_by": user(world, links, side.merged_by),
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": state,
        "comments": len(world.comments.of(found.issue)),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(commits(world, repository, side)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def start(world: World, repository: Repository, side: Pull) -> str:
    """Return the commit from which the pull request's difference is shown."""
    bare = world.repositories.bare(repository)
    base = side.base_sha if side.merged_at else bare.branch(side.base_ref) or side.base_sha
    return reading.fork_point(bare, base, side.head_sha) or side.base_sha


def commits(world: World, repository: Repository, side: Pull) -> tuple[reading.Commit, ...]:
    """Return the pull request's commits, oldest first."""
    bare = world.repositories.bare(repository)
    return reading.range_of(bare, start(world, repository, side), side.head_sha)


def status(world: World, links: Links, repository: Repository, found: Status) -> Json:
    """Return a commit status."""
    return {
        "url": f"{links.repository(repository)}/statuses/{found.sha}",
        "id": found.id,
        "node_id": f"SC_{found.id}",
        "state": found.state,
        "description": found.description,
        "target_url": found.target_url,
        "context": found.context,
        "created_at": found.created_at,
        "updated_at": found.created_at,
        "creator": user(world, links, found.creator),
    }


def combined_status(world: World, links: Links, repository: Repository, sha: str) -> Json:
    """Return the verdict on a commit with the newest status of each context."""
    latest = world.checks.latest_statuses(repository, sha)
    return {
        "state": combined_state([found.state for found in latest]),
        "statuses": [status(world, links, repository, found) for found in latest],
        "sha": sha,
        "total_count": len(latest),
        "repository": repository_shapes.repository(world, links, repository),
        "commit_url": f"{links.repository(repository)}/commits/{sha}",
        "url": f"{links.repository(repository)}/commits/{sha}/status",
    }


def check_run(links: Links, repository: Repository, found: CheckRun) -> Json:
    """Return a check run."""
    url = f"{links.repository(repository)}/check-runs/{found.id}"
    output = {"title": found.title, "summary": found.summary, "text": None, "annotations_count": 0}
    return {
        "id": found.id,
        "node_id": f"CR_{found.id}",
        "head_sha": found.sha,
        "external_id": "",
        "url": url,
        "html_url": f"{links.page(repository)}/runs/{found.id}",
        "details_url": f"{links.page(repository)}/runs/{found.id}",
        "status": found.status,
        "conclusion": found.conclusion,
        "started_at": found.started_at,
        "completed_at": found.completed_at,
        "output": {**output, "annotations_url": f"{url}/annotations"},
        "name": found.name,
        "check_suite": {"id": found.id},
        "app": None,
        "pull_requests": [],
    }


def _end(world: World, links: Links, repository: Repository, ref: str, sha: str) -> Json:
    return {
        "label": f"{repository.owner}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(world, links, repository.owner),
        "repo": repository_shapes.repository(world, links, repository),
    }
