"""Calls about issues: list, read, open, change, lock, assign."""

from processor.forge.refusals import Refusal, gone, invalid
from processor.forge.rest.call import Answer, Call
from processor.forge.rest.issue_filters import matching
from processor.forge.rest.shapes import issues as shapes
from processor.forge.storage.records import Issue, Repository
from processor.forge.world.issues import DISABLED
from processor.forge.world.permissions import has_role


def list_issues(call: Call) -> Answer:
    """Answer GET /repos/O/R/issues."""
    repository = call.readable("issues")
    if not repository.has_issues:
        raise gone(DISABLED)
    found = matching(call.world.issues.list(repository), call.query)
    return call.page(found, lambda one: shapes.issue(call.world, call.links, repository, one))


def create_issue(call: Call) -> Answer:
    """Answer POST /repos/O/R/issues; labels and assignees need the triage role and are dropped without it."""
    repository = call.writable("issues")
    may_triage = has_role(call.world.store, repository, call.viewer, "triage")
    issue = call.world.issues.open(
        repository,
        title=call.text("title"),
        body=call.optional_text("body"),
        author=call.actor,
        labels=call.names("labels") if may_triage else (),
        assignees=call.names("assignees") if may_triage else (),
    )
    return Answer(201, shapes.issue(call.world, call.links, repository, issue))


def get_issue(call: Call) -> Answer:
    """Answer GET /repos/O/R/issues/N."""
    repository = call.readable("issues")
    return _shown(call, repository, call.issue(repository))


def update_issue(call: Call) -> Answer:
    """Answer PATCH /repos/O/R/issues/N; the author may change it, anyone else needs the triage role."""
    repository = call.writable("issues")
    issue = call.issue(repository)
    if issue.author != call.actor and not has_role(call.world.store, repository, call.viewer, "triage"):
        raise Refusal(403, "Must have triage rights to Repository.")
    issue = call.world.issues.edit(
        issue,
        actor=call.actor,
        title=call.optional_text("title"),
        body=call.optional_text("body"),
        state=_state(call),
        state_reason=call.optional_text("state_reason"),
    )
    if "labels" in call.fields:
        issue = call.world.labels.set(repository, issue, call.names("labels"), actor=call.actor)
    if "assignees" in call.fields:
        issue = call.world.issues.assign(issue, call.names("assignees"), actor=call.actor)
    return _shown(call, repository, issue)


def lock_issue(call: Call) -> Answer:
    """Answer PUT /repos/O/R/issues/N/lock."""
    repository = call.writable("issues", "triage")
    reason = call.optional_text("lock_reason")
    call.world.issues.lock(call.issue(repository), actor=call.actor, is_locked=True, reason=reason)
    return Answer(204)


def unlock_issue(call: Call) -> Answer:
    """Answer DELETE /repos/O/R/issues/N/lock."""
    repository = call.writable("issues", "triage")
    call.world.issues.lock(call.issue(repository), actor=call.actor, is_locked=False)
    return Answer(204)


def add_assignees(call: Call) -> Answer:
    """Answer POST /repos/O/R/issues/N/assignees."""
    repository = call.writable("issues", "triage")
    issue = call.issue(repository)
    wanted = [*issue.assignees, *call.names("assignees")]
    issue = call.world.issues.assign(issue, wanted, actor=call.actor)
    return Answer(201, shapes.issue(call.world, call.links, repository, issue))


def remove_assignees(call: Call) -> Answer:
    """Answer DELETE /repos/O/R/issues/N/assignees."""
    repository = call.writable("issues", "triage")
    issue = call.issue(repository)
    kept = [login for login in issue.assignees if login not in call.names("assignees")]
    return _shown(call, repository, call.world.issues.assign(issue, kept, actor=call.actor))


def list_events(call: Call) -> Answer:
    """Answer GET /repos/O/R/issues/N/events."""
    repository = call.readable("issues")
    events = [one for one in call.world.history.of(call.issue(repository)) if one.event != "cross-referenced"]
    return call.page(events, lambda one: shapes.event(call.world, call.links, repository, one))


def list_timeline(call: Call) -> Answer:
    """Answer GET /repos/O/R/issues/N/timeline: events, comments and reviews in the order they happened."""
    repository = call.readable("issues")
    issue = call.issue(repository)
    world, links = call.world, call.links
    entries = [(e.created_at, e.id, shapes.event(world, links, repository, e)) for e in world.history.of(issue)]
    entries += [
        (c.created_at, c.id, shapes.timeline_comment(world, links, repository, c)) for c in world.comments.of(issue)
    ]
    if issue.is_pull:
        reviews = world.checks.reviews(world.pulls.get(repository, issue.number).pull)
        entries += [(r.submitted_at, r.id, shapes.timeline_review(world, links, repository, r)) for r in reviews]
    return call.page(sorted(entries, key=lambda entry: entry[:2]), lambda entry: entry[2])


def search_issues(call: Call) -> Answer:
    """Answer GET /search/issues for the qualifiers repo:, is:, state:, label:, author: and words in the title."""
    words = [word for word in call.query.get("q", "").split() if ":" not in word]
    qualifiers = [word.partition(":")[::2] for word in call.query.get("q", "").split() if ":" in word]
    found: list[tuple[Repository, Issue]] = []
    for name in [value for key, value in qualifiers if key == "repo"]:
        repository = call.world.repositories.get(name)
        found += [
            (repository, issue)
            for issue in call.world.issues.list(repository)
            if all(word.lower() in issue.title.lower() for word in words)
            and all(_qualifies(issue, key, value.strip('"')) for key, value in qualifiers)
        ]
    answer = call.page(found, lambda pair: shapes.issue(call.world, call.links, *pair), under="items")
    data = answer.data if isinstance(answer.data, dict) else {}
    return Answer(200, {**data, "incomplete_results": False}, answer.headers)


def _qualifies(issue: Issue, key: str, value: str) -> bool:
    facts = {
        "is": {issue.state, "pr" if issue.is_pull else "issue"},
        "type": {"pr" if issue.is_pull else "issue"},
        "state": {issue.state},
        "label": set(issue.labels),
        "author": {issue.author},
    }
    return value in facts.get(key, {value})


def _state(call: Call) -> str | None:
    state = call.optional_text("state")
    if state not in {None, "open", "closed"}:
        raise invalid("Issue", "state")
    return state


def _shown(call: Call, repository: Repository, issue: Issue) -> Answer:
    return Answer(200, shapes.issue(call.world, call.links, repository, issue))
