"""Calls about the asker itself, and those of GitHub Apps."""

from collections.abc import Mapping

from processor.forge.refusals import Refusal, not_found
from processor.forge.rest.call import Answer, Call
from processor.forge.rest.shapes import people
from processor.forge.rest.shapes import repositories as shapes
from processor.forge.storage.records import Installation


def get_user(call: Call) -> Answer:
    """Answer GET /user."""
    call.user_needed()
    if call.viewer.token and call.viewer.token.installation_id:
        raise Refusal(403, "Resource not accessible by integration")
    return Answer(200, people.account(call.world, call.links, call.actor))


def get_named_user(call: Call) -> Answer:
    """Answer GET /users/LOGIN."""
    if call.world.accounts.find_user(call.params["login"]) is None:
        raise not_found()
    return Answer(200, people.account(call.world, call.links, call.params["login"]))


def get_rate_limit(call: Call) -> Answer:
    """Answer GET /rate_limit."""
    window = call.limits.window(call.identity.login).body()
    search = {"limit": 30, "used": 0, "remaining": 30, "reset": window["reset"]}
    return Answer(200, {"resources": {"core": window, "search": search, "graphql": window}, "rate": window})


def get_meta(call: Call) -> Answer:
    """Answer GET /meta."""
    del call
    return Answer(200, {"verifiable_password_authentication": False, "installed_version": "3.19.0"})


def get_app(call: Call) -> Answer:
    """Answer GET /app."""
    return Answer(200, people.app(call.world, call.links, call.app()))


def list_installations(call: Call) -> Answer:
    """Answer GET /app/installations."""
    found = call.world.accounts.installations(call.app().id)
    return call.page(found, lambda one: people.installation(call.world, call.links, one))


def get_installation(call: Call) -> Answer:
    """Answer GET /app/installations/ID."""
    return Answer(200, people.installation(call.world, call.links, _installation(call)))


def get_repository_installation(call: Call) -> Answer:
    """Answer GET /repos/O/R/installation."""
    app = call.app()
    repository = call.world.repositories.get(f"{call.params['owner']}/{call.params['repo']}")
    for found in call.world.accounts.installations(app.id):
        is_chosen = found.repositories is None or repository.full_name in found.repositories
        if is_chosen and found.account.lower() == repository.owner.lower():
            return Answer(200, people.installation(call.world, call.links, found))
    raise not_found()


def create_installation_token(call: Call) -> Answer:
    """Answer POST /app/installations/ID/access_tokens."""
    installation = _installation(call)
    permissions = _permissions(call, installation)
    names = [f"{installation.account}/{name}" for name in call.names("repositories")]
    if any(installation.repositories is not None and name not in installation.repositories for name in names):
        raise Refusal(422, "There is at least one repository that does not exist or is not accessible.")
    value, token = call.world.accounts.create_installation_token(
        installation, permissions=permissions, repositories=names or None
    )
    return Answer(201, people.installation_token(value, token))


def list_installation_repositories(call: Call) -> Answer:
    """Answer GET /installation/repositories."""
    token = call.viewer.token
    installation = call.world.store.get(Installation, token.installation_id or 0) if token else None
    if token is None or installation is None:
        raise Refusal(403, "You must authenticate with an installation access token in order to list repositories.")
    chosen = token.repositories
    found = [
        one
        for one in call.world.repositories.list()
        if one.owner.lower() == installation.account.lower() and (chosen is None or one.full_name in chosen)
    ]
    return call.page(
        found, lambda one: shapes.repository(call.world, call.links, one, call.viewer), under="repositories"
    )


def _installation(call: Call) -> Installation:
    found = call.world.store.get(Installation, call.number("id"))
    if found is None or found.app_id != call.app().id:
        raise not_found()
    return found


def _permissions(call: Call, installation: Installation) -> Mapping[str, str] | None:
    wanted = call.fields.get("permissions")
    if not isinstance(wanted, dict) or not wanted:
        return None
    held = installation.permissions
    if any(held.get(name) not in {"write", level} for name, level in wanted.items()):
        raise Refusal(422, "The permissions requested are not granted to this installation.")
    return wanted
