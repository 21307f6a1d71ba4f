"""Users, apps and installations as GitHub's JSON."""

from processor.forge.rest.call import Json
from processor.forge.rest.links import Links
from processor.forge.storage.records import App, Installation, Repository, Token, User
from processor.forge.world.world import World


def user(world: World, links: Links, login: str | None) -> Json | None:
    """Return a user, or None for no login; a login without an account is shown as GitHub's ghost."""
    if login is None:
        return None
    found = world.accounts.find_user(login) or User(id=10137, login="ghost")
    return {
        "login": found.login,
        "id": found.id,
        "node_id": f"U_{found.id}",
        "avatar_url": f"{links.url}/_forge/avatar/{found.login}",
        "gravatar_id": "",
        "url": f"{links.api}/users/{found.login}",
        "html_url": f"{links.url}/{found.login}",
        "repos_url": f"{links.api}/users/{found.login}/repos",
        "events_url": f"{links.api}/users/{found.login}/events{{/privacy}}",
        "type": found.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def account(world: World, links: Links, login: str) -> Json:
    """Return a user as /user shows it."""
    found = world.accounts.find_user(login)
    more = {"name": login, "company": None, "blog": "", "location": None, "email": None, "bio": None}
    created = found.created_at if found else ""
    counts = {"public_repos": 0, "public_gists": 0, "followers": 0, "following": 0}
    return {**(user(world, links, login) or {}), **more, **counts, "created_at": created, "updated_at": created}


def app(world: World, links: Links, found: App) -> Json:
    """Return an app."""
    return {
        "id": found.id,
        "slug": found.slug,
        "node_id": f"A_{found.id}",
        "owner": user(world, links, found.owner),
        "name": found.slug,
        "description": "",
        "external_url": links.url,
        "html_url": f"{links.url}/apps/{found.slug}",
        "created_at": found.created_at,
        "updated_at": found.created_at,
        "permissions": dict(found.permissions),
        "events": [],
        "installations_count": len(world.accounts.installations(found.id)),
    }


def installation(world: World, links: Links, found: Installation) -> Json:
    """Return an installation."""
    return {
        "id": found.id,
        "account": user(world, links, found.account),
        "repository_selection": "all" if found.repositories is None else "selected",
        "access_tokens_url": f"{links.api}/app/installations/{found.id}/access_tokens",
        "repositories_url": f"{links.api}/installation/repositories",
        "html_url": f"{links.url}/settings/installations/{found.id}",
        "app_id": found.app_id,
        "app_slug": world.accounts.app(found.app_id).slug,
        "target_id": found.id,
        "target_type": "User",
        "permissions": dict(found.permissions),
        "events": [],
        "created_at": found.created_at,
        "updated_at": found.created_at,
        "suspended_at": None,
    }


def installation_token(value: str, token: Token) -> Json:
    """Return a new installation token; the only place where a token's text is shown."""
    return {
        "token": value,
        "expires_at": token.expires_at,
        "permissions": dict(token.permissions or {}),
        "repository_selection": "all" if token.repositories is None else "selected",
    }


def association(repository: Repository, login: str, stated: str | None = None) -> str:
    """Return how an author stands to the repository, as stated or worked out from roles."""
    if stated:
        return stated
    if login.lower() == repository.owner.lower():
        return "OWNER"
    return "COLLABORATOR" if login in repository.collaborators else "NONE"
