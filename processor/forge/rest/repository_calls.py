"""Calls about repositories: the repository, its people and its labels."""

from processor.forge.refusals import not_found
from processor.forge.rest.call import Answer, Call
from processor.forge.rest.shapes import issues, people
from processor.forge.rest.shapes import repositories as shapes
from processor.forge.world.permissions import account_role, can_see

LEGACY_ROLES = {"maintain": "write", "triage": "read"}


def get_repository(call: Call) -> Answer:
    """Answer GET /repos/O/R."""
    return Answer(200, shapes.repository(call.world, call.links, call.readable(), call.viewer))


def list_user_repositories(call: Call) -> Answer:
    """Answer GET /user/repos."""
    call.user_needed()
    found = [
        one
        for one in call.world.repositories.list()
        if can_see(call.world.store, one, call.viewer) and (one.owner == call.actor or call.actor in one.collaborators)
    ]
    return call.page(found, lambda one: shapes.repository(call.world, call.links, one, call.viewer))


def get_permission(call: Call) -> Answer:
    """Answer GET /repos/O/R/collaborators/LOGIN/permission."""
    repository = call.writable("metadata", "write") if call.readable().is_private else call.readable()
    call.user_needed()
    login = call.params["login"]
    user = people.user(call.world, call.links, login)
    if user is None or call.world.accounts.find_user(login) is None:
        raise not_found()
    role = account_role(repository, login)
    return Answer(200, {"permission": LEGACY_ROLES.get(role, role), "role_name": role, "user": user})


def check_collaborator(call: Call) -> Answer:
    """Answer GET /repos/O/R/collaborators/LOGIN: 204 for a collaborator, 404 for anyone else."""
    repository = call.readable()
    login = call.params["login"]
    if login != repository.owner and login not in repository.collaborators:
        raise not_found()
    return Answer(204)


def list_collaborators(call: Call) -> Answer:
    """Answer GET /repos/O/R/collaborators."""
    repository = call.readable()
    logins = list(dict.fromkeys([repository.owner, *repository.collaborators]))
    return call.page(
        logins,
        lambda login: {
            **(people.user(call.world, call.links, login) or {}),
            "role_name": account_role(repository, login),
        },
    )


def list_labels(call: Call) -> Answer:
    """Answer GET /repos/O/R/labels."""
    repository = call.readable("issues")
    return call.page(call.world.labels.list(repository), lambda one: issues.label(call.links, repository, one))


def create_label(call: Call) -> Answer:
    """Answer POST /repos/O/R/labels."""
    repository = call.writable("issues", "triage")
    label = call.world.labels.create(
        repository, call.text("name"), color=call.text("color", "ededed"), description=call.text("description", "")
    )
    return Answer(201, issues.label(call.links, repository, label))


def get_label(call: Call) -> Answer:
    """Answer GET /repos/O/R/labels/NAME."""
    repository = call.readable("issues")
    return Answer(200, issues.label(call.links, repository, call.world.labels.get(repository, call.params["name"])))


def update_label(call: Call) -> Answer:
    """Answer PATCH /repos/O/R/labels/NAME."""
    repository = call.writable("issues", "triage")
    label = call.world.labels.edit(
        repository,
        call.params["name"],
        new_name=call.text("new_name", call.text("name", "")),
        color=call.text("color", ""),
        description=call.optional_text("description"),
    )
    return Answer(200, issues.label(call.links, repository, label))


def delete_label(call: Call) -> Answer:
    """Answer DELETE /repos/O/R/labels/NAME."""
    repository = call.writable("issues", "triage")
    call.world.labels.delete(repository, call.params["name"])
    return Answer(204)
