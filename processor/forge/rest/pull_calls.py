"""Calls about pull requests: list, open, change, merge, review."""

from dataclasses import replace

from processor.forge.git import reading
from processor.forge.refusals import Refusal, invalid, not_found
from processor.forge.rest.call import Answer, Call
from processor.forge.rest.shapes import issues as issue_shapes
from processor.forge.rest.shapes import pulls as shapes
from processor.forge.rest.shapes import repositories as repository_shapes
from processor.forge.storage.records import Repository
from processor.forge.world.permissions import has_role
from processor.forge.world.pulls import PullRequest

REVIEW_STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def list_pulls(call: Call) -> Answer:
    """Answer GET /repos/O/R/pulls with its filters state, head (OWNER:BRANCH), base, sort and direction."""
    repository = call.readable("pull_requests")
    head = call.query.get("head", "")
    wanted_head = head.lower() if ":" in head else ""
    found = [
        one
        for one in call.world.pulls.list(repository)
        if call.query.get("state", "open") in {"all", one.issue.state}
        and call.query.get("base", one.pull.base_ref) == one.pull.base_ref
        and wanted_head in {"", f"{repository.owner}:{one.pull.head_ref}".lower()}
    ]
    key = "updated_at" if call.query.get("sort") == "updated" else "created_at"
    default = "asc" if call.query.get("sort") in {"popularity", "long-running"} else "desc"
    found.sort(
        key=lambda one: (getattr(one.issue, key), one.issue.number),
        reverse=call.query.get("direction", default) == "desc",
    )
    return call.page(found, lambda one: shapes.pull(call.world, call.links, repository, one))


def create_pull(call: Call) -> Answer:
    """Answer POST /repos/O/R/pulls."""
    repository = call.writable("pull_requests")
    found = call.world.pulls.open(
        repository,
        title=call.text("title"),
        head=call.text("head"),
        base=call.text("base"),
        body=call.optional_text("body"),
        author=call.actor,
        is_draft=bool(call.flag("draft")),
    )
    return _shown(call, repository, found, 201)


def get_pull(call: Call) -> Answer:
    """Answer GET /repos/O/R/pulls/N."""
    repository = call.readable("pull_requests")
    return _shown(call, repository, call.world.pulls.get(repository, call.number()))


def update_pull(call: Call) -> Answer:
    """Answer PATCH /repos/O/R/pulls/N."""
    repository, found = _changeable(call)
    issue = call.world.issues.edit(
        found.issue, actor=call.actor, title=call.optional_text("title"), body=call.optional_text("body")
    )
    found = call.world.pulls.edit(PullRequest(issue, found.pull), base=call.optional_text("base"))
    state = call.optional_text("state")
    if state == "closed" and issue.state == "open":
        found = call.world.pulls.close(found, actor=call.actor)
    elif state == "open" and issue.state == "closed":
        found = call.world.pulls.reopen(found, actor=call.actor)
    elif state not in {None, "open", "closed"}:
        raise invalid("PullRequest", "state")
    return _shown(call, repository, found)


def list_pull_files(call: Call) -> Answer:
    """Answer GET /repos/O/R/pulls/N/files."""
    repository = call.readable("pull_requests")
    side = call.world.pulls.get(repository, call.number()).pull
    bare = call.world.repositories.bare(repository)
    changed = reading.changed_files(bare, shapes.start(call.world, repository, side), side.head_sha)
    return call.page(changed, lambda one: repository_shapes.changed_file(call.links, repository, one, side.head_sha))


def list_pull_commits(call: Call) -> Answer:
    """Answer GET /repos/O/R/pulls/N/commits."""
    repository = call.readable("pull_requests")
    side = call.world.pulls.get(repository, call.number()).pull
    found = shapes.commits(call.world, repository, side)
    return call.page(found, lambda one: repository_shapes.commit(call.links, repository, one))


def list_review_comments(call: Call) -> Answer:
    """Answer GET /repos/O/R/pulls/N/comments: there are none."""
    repository = call.readable("pull_requests")
    call.world.pulls.get(repository, call.number())
    return Answer(200, [])


def list_reviews(call: Call) -> Answer:
    """Answer GET /repos/O/R/pulls/N/reviews."""
    repository = call.readable("pull_requests")
    side = call.world.pulls.get(repository, call.number()).pull
    found = call.world.checks.reviews(side)
    return call.page(found, lambda one: issue_shapes.review(call.world, call.links, repository, one))


def create_review(call: Call) -> Answer:
    """Answer POST /repos/O/R/pulls/N/reviews."""
    repository = call.writable("pull_requests")
    found = call.world.pulls.get(repository, call.number())
    event = call.text("event", "COMMENT")
    if event not in REVIEW_STATES:
        raise invalid("PullRequestReview", "event")
    if event != "COMMENT" and found.issue.author == call.actor:
        raise Refusal(422, "Unprocessable Entity: Can not approve your own pull request")
    review = call.world.checks.add_review(
        found.pull, author=call.actor, state=REVIEW_STATES[event], body=call.text("body", "")
    )
    return Answer(200, issue_shapes.review(call.world, call.links, repository, review))


def request_reviewers(call: Call) -> Answer:
    """Answer POST /repos/O/R/pulls/N/requested_reviewers."""
    repository = call.writable("pull_requests", "triage")
    found = call.world.pulls.get(repository, call.number())
    wanted = tuple(dict.fromkeys([*found.pull.requested_reviewers, *call.names("reviewers")]))
    pull = call.world.store.put(replace(found.pull, requested_reviewers=wanted))
    return _shown(call, repository, PullRequest(found.issue, pull), 201)


def check_merged(call: Call) -> Answer:
    """Answer GET /repos/O/R/pulls/N/merge: 204 when it was merged, 404 when not."""
    repository = call.readable("pull_requests")
    if call.world.pulls.get(repository, call.number()).pull.merged_at is None:
        raise not_found()
    return Answer(204)


def merge_pull(call: Call) -> Answer:
    """Answer PUT /repos/O/R/pulls/N/merge."""
    repository = call.writable("contents", "write")
    merged = call.world.merging.merge(
        repository,
        call.number(),
        actor=call.actor,
        method=call.text("merge_method", "merge"),
        sha=call.optional_text("sha"),
        title=call.optional_text("commit_title"),
        message=call.optional_text("commit_message"),
    )
    sha = merged.pull.merge_commit_sha
    return Answer(200, {"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def _changeable(call: Call) -> tuple[Repository, PullRequest]:
    repository = call.writable("pull_requests")
    found = call.world.pulls.get(repository, call.number())
    if found.issue.author != call.actor and not has_role(call.world.store, repository, call.viewer, "write"):
        raise Refusal(403, "Must have write rights to Repository.")
    return repository, found


def _shown(call: Call, repository: Repository, found: PullRequest, status: int = 200) -> Answer:
    return Answer(status, shapes.pull_in_full(call.world, call.links, repository, found))
