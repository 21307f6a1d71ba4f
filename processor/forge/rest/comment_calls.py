"""Calls about comments and the labels of an issue."""

from processor.forge.refusals import Refusal
from processor.forge.rest.call import Answer, Call
from processor.forge.rest.shapes import issues as shapes
from processor.forge.storage.activity import Comment
from processor.forge.storage.records import Issue, Repository
from processor.forge.world.permissions import has_role


def list_comments(call: Call) -> Answer:
    """Answer GET /repos/O/R/issues/N/comments."""
    repository = call.readable("issues")
    found = _since(call, call.world.comments.of(call.issue(repository)))
    return call.page(found, lambda one: shapes.comment(call.world, call.links, repository, one))


def list_repository_comments(call: Call) -> Answer:
    """Answer GET /repos/O/R/issues/comments."""
    repository = call.readable("issues")
    found = _since(call, call.world.comments.everywhere(repository))
    return call.page(found, lambda one: shapes.comment(call.world, call.links, repository, one))


def create_comment(call: Call) -> Answer:
    """Answer POST /repos/O/R/issues/N/comments; a locked issue takes comments of its maintainers only."""
    repository = call.writable("issues")
    issue = call.issue(repository)
    if issue.is_locked and not has_role(call.world.store, repository, call.viewer, "write"):
        raise Refusal(403, "Unable to create comment because issue is locked.")
    comment = call.world.comments.add(issue, call.text("body"), author=call.actor)
    return Answer(201, shapes.comment(call.world, call.links, repository, comment))


def get_comment(call: Call) -> Answer:
    """Answer GET /repos/O/R/issues/comments/ID."""
    repository = call.readable("issues")
    comment = call.world.comments.get(repository, call.number("id"))
    return Answer(200, shapes.comment(call.world, call.links, repository, comment))


def update_comment(call: Call) -> Answer:
    """Answer PATCH /repos/O/R/issues/comments/ID."""
    repository, comment = _own(call)
    changed = call.world.comments.edit(comment, call.text("body"))
    return Answer(200, shapes.comment(call.world, call.links, repository, changed))


def delete_comment(call: Call) -> Answer:
    """Answer DELETE /repos/O/R/issues/comments/ID."""
    call.world.comments.delete(_own(call)[1])
    return Answer(204)


def list_issue_labels(call: Call) -> Answer:
    """Answer GET /repos/O/R/issues/N/labels."""
    repository = call.readable("issues")
    found = shapes.labels_of(call.world, call.links, repository, call.issue(repository))
    return call.page(found, lambda one: one)


def add_labels(call: Call) -> Answer:
    """Answer POST /repos/O/R/issues/N/labels."""
    repository = call.writable("issues", "triage")
    issue = call.issue(repository)
    return _labelled(call, repository, issue, [*issue.labels, *_names(call)])


def set_labels(call: Call) -> Answer:
    """Answer PUT /repos/O/R/issues/N/labels."""
    repository = call.writable("issues", "triage")
    return _labelled(call, repository, call.issue(repository), _names(call))


def remove_label(call: Call) -> Answer:
    """Answer DELETE /repos/O/R/issues/N/labels/NAME."""
    repository = call.writable("issues", "triage")
    issue = call.world.labels.take_off(repository, call.issue(repository), call.params["name"], actor=call.actor)
    return Answer(200, shapes.labels_of(call.world, call.links, repository, issue))


def remove_all_labels(call: Call) -> Answer:
    """Answer DELETE /repos/O/R/issues/N/labels."""
    repository = call.writable("issues", "triage")
    call.world.labels.set(repository, call.issue(repository), (), actor=call.actor)
    return Answer(204)


def _labelled(call: Call, repository: Repository, issue: Issue, names: list[str]) -> Answer:
    changed = call.world.labels.set(repository, issue, names, actor=call.actor)
    return Answer(200, shapes.labels_of(call.world, call.links, repository, changed))


def _names(call: Call) -> list[str]:
    """Return the label names of the body, which is {"labels": […]} or a bare list."""
    return call.names("labels")


def _since(call: Call, comments: list[Comment]) -> list[Comment]:
    return [comment for comment in comments if comment.updated_at >= call.query.get("since", "")]


def _own(call: Call) -> tuple[Repository, Comment]:
    repository = call.writable("issues")
    comment = call.world.comments.get(repository, call.number("id"))
    if comment.author != call.actor and not has_role(call.world.store, repository, call.viewer, "write"):
        raise Refusal(403, "Must have admin rights to Repository.")
    return repository, comment
