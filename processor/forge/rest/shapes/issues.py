"""Issues, labels, comments and events as GitHub's JSON."""

from processor.forge.rest.call import Json
from processor.forge.rest.links import Links
from processor.forge.rest.shapes.people import association, user
from processor.forge.storage.activity import Comment, Event, Review
from processor.forge.storage.records import Issue, Label, Pull, Repository
from processor.forge.world.world import World


def label(links: Links, repository: Repository, found: Label) -> Json:
    """Return a label."""
    return {
        "id": found.id,
        "node_id": f"LA_{found.id}",
        "url": f"{links.repository(repository)}/labels/{found.name}",
        "name": found.name,
        "description": found.description,
        "color": found.color,
        "default": False,
    }


def labels_of(world: World, links: Links, repository: Repository, issue: Issue) -> list[Json]:
    """Return the labels of an issue."""
    found = (world.labels.find(repository, name) for name in issue.labels)
    return [label(links, repository, known) for known in found if known]


def issue(world: World, links: Links, repository: Repository, found: Issue) -> Json:
    """Return an issue; a pull request has the `pull_request` key."""
    url = f"{links.repository(repository)}/issues/{found.number}"
    assignees = [user(world, links, login) for login in found.assignees]
    data: Json = {
        "url": url,
        "repository_url": links.repository(repository),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": links.issue_page(repository, found),
        "id": found.id,
        "node_id": f"I_{found.id}",
        "number": found.number,
        "title": found.title,
        "user": user(world, links, found.author),
        "labels": labels_of(world, links, repository, found),
        "state": found.state,
        "state_reason": found.state_reason,
        "locked": found.is_locked,
        "active_lock_reason": found.lock_reason,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": None,
        "comments": len(world.comments.of(found)),
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "closed_at": found.closed_at,
        "closed_by": user(world, links, found.closed_by),
        "author_association": association(repository, found.author, found.author_association),
        "body": found.body,
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": None,
    }
    pull = world.store.get(Pull, found.id)
    if pull is not None:
        data["draft"] = pull.is_draft
        data["pull_request"] = _pull_key(links, repository, pull)
    return data


def comment(world: World, links: Links, repository: Repository, found: Comment) -> Json:
    """Return a comment."""
    issue_url = f"{links.repository(repository)}/issues/{found.number}"
    return {
        "url": f"{links.repository(repository)}/issues/comments/{found.id}",
        "html_url": f"{links.page(repository)}/issues/{found.number}#issuecomment-{found.id}",
        "issue_url": issue_url,
        "id": found.id,
        "node_id": f"IC_{found.id}",
        "user": user(world, links, found.author),
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "author_association": association(repository, found.author, found.author_association),
        "body": found.body,
        "performed_via_github_app": None,
    }


def event(world: World, links: Links, repository: Repository, found: Event) -> Json:
    """Return an event."""
    data: Json = {
        "id": found.id,
        "node_id": f"E_{found.id}",
        "url": f"{links.repository(repository)}/issues/events/{found.id}",
        "actor": user(world, links, found.actor),
        "event": found.event,
        "commit_id": found.commit_id,
        "commit_url": None,
        "created_at": found.created_at,
    }
    if found.label:
        known = world.labels.find(repository, found.label)
        data["label"] = {"name": found.label, "color": known.color if known else "ededed"}
    if found.assignee:
        data["assignee"] = user(world, links, found.assignee)
    if found.renamed_to is not None:
        data["rename"] = {"from": found.renamed_from, "to": found.renamed_to}
    if found.source_number is not None:
        source = world.issues.get(repository, found.source_number)
        data["source"] = {"type": "issue", "issue": issue(world, links, repository, source)}
    return data


def timeline_comment(world: World, links: Links, repository: Repository, found: Comment) -> Json:
    """Return a comment as the timeline shows it."""
    actor = user(world, links, found.author)
    return {**comment(world, links, repository, found), "event": "commented", "actor": actor}


def timeline_review(world: World, links: Links, repository: Repository, found: Review) -> Json:
    """Return a review as the timeline shows it."""
    return {**review(world, links, repository, found), "event": "reviewed"}


def review(world: World, links: Links, repository: Repository, found: Review) -> Json:
    """Return a review."""
    pull_url = f"{links.repository(repository)}/pulls/{found.number}"
    html_url = f"{links.page(repository)}/pull/{found.number}#pullrequestreview-{found.id}"
    return {
        "id": found.id,
        "node_id": f"PRR_{found.id}",
        "user": user(world, links, found.author),
        "body": found.body,
        "state": found.state,
        "html_url": html_url,
        "pull_request_url": pull_url,
        "_links": {"html": {"href": html_url}, "pull_request": {"href": pull_url}},
        "submitted_at": found.submitted_at,
        "commit_id": found.commit_id,
        "author_association": association(repository, found.author),
    }


def _pull_key(links: Links, repository: Repository, pull: Pull) -> Json:
    page = f"{links.page(repository)}/pull/{pull.number}"
    return {
        "url": f"{links.repository(repository)}/pulls/{pull.number}",
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "merged_at": pull.merged_at,
    }
