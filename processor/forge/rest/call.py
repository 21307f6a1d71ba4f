"""One REST call as its function sees it: who asks, for what, and with which values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from processor.forge.credentials import Identity
from processor.forge.http.exchange import Headers
from processor.forge.rate_limits import RateLimits
from processor.forge.refusals import Refusal, not_found
from processor.forge.rest.links import Links
from processor.forge.rest.moves import moved_issue
from processor.forge.storage.records import App, Issue, Repository
from processor.forge.world import permissions
from processor.forge.world.permissions import Viewer
from processor.forge.world.world import World

T = TypeVar("T")
Json = dict[str, object]
DEFAULT_PAGE = 30
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call returns: a status, JSON data (None for no body) and headers of its own."""

    status: int = 200
    data: object = None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Call:
    """The values of one call; `params` come from the path, `fields` from the JSON body."""

    world: World
    links: Links
    limits: RateLimits
    identity: Identity
    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    fields: Mapping[str, object]

    @property
    def viewer(self) -> Viewer:
        """Return who asks."""
        return self.identity.viewer

    @property
    def actor(self) -> str:
        """Return the login that acts."""
        return self.identity.viewer.login

    def app(self) -> App:
        """Return the app that asks; raise the 401 unless a JWT was sent."""
        if self.identity.app is None:
            raise Refusal(401, "A JSON web token could not be decoded")
        return self.identity.app

    def user_needed(self) -> None:
        """Raise the 401 for a call without a token."""
        if self.viewer.token is None:
            raise Refusal(401, "Requires authentication")

    def readable(self, resource: str = "metadata") -> Repository:
        """Return the repository in the path; raise the 404 when the viewer cannot see it."""
        repository = self.world.repositories.get(f"{self.params['owner']}/{self.params['repo']}")
        if not permissions.can_see(self.world.store, repository, self.viewer):
            raise not_found()
        permissions.require_read(self.viewer.token, repository, resource)
        return repository

    def writable(self, resource: str, role: str = "read") -> Repository:
        """Return the repository in the path if the viewer may write the resource; raise 401, 403 or 404."""
        repository = self.readable()
        self.user_needed()
        permissions.require(self.world.store, repository, self.viewer, resource, role)
        return repository

    def issue(self, repository: Repository) -> Issue:
        """Return the issue or pull request in the path; raise the redirect to one that was transferred."""
        found = self.world.issues.get(repository, self.number())
        redirect = moved_issue(self.links, self.method, self.path, found)
        if redirect is not None:
            raise redirect
        return found

    def number(self, name: str = "number") -> int:
        """Return a number from the path; raise the 404 when it is none."""
        if not self.params[name].isascii() or not self.params[name].isdigit():
            raise not_found()
        return int(self.params[name])

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text from the body; raise the 422 when it is missing and has no default, or no text."""
        value = self.fields.get(name, default)
        if value is None:
            raise Refusal(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        if not isinstance(value, str):
            raise Refusal(422, f"Invalid request.\n\nFor 'properties/{name}', {value!r} is not a string.")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a text from the body, or None when it is not there or null."""
        return None if self.fields.get(name) is None else self.text(name)

    def flag(self, name: str) -> bool | None:
        """Return a truth value from the body, or None when it is not there."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise Refusal(422, f"Invalid request.\n\nFor 'properties/{name}', {value!r} is not a boolean.")
        return value

    def names(self, name: str) -> list[str]:
        """Return a list of texts from the body (objects with a `name` count); empty when it is not there."""
        values = self.fields.get(name) or []
        if not isinstance(values, list):
            raise Refusal(422, f"Invalid request.\n\nFor 'properties/{name}', {values!r} is not an array.")
        found = [value.get("name") if isinstance(value, dict) else value for value in values]
        if not all(isinstance(value, str) for value in found):
            raise Refusal(422, f"Invalid request.\n\nFor 'properties/{name}', {values!r} is not an array of strings.")
        return [str(value) for value in found]

    def page(self, items: Sequence[T], shape: Callable[[T], object], *, under: str | None = None) -> Answer:
        """Return the page that the query asks for; with `under`, in an object that also has `total_count`."""
        size = min(_positive(self.query.get("per_page"), DEFAULT_PAGE), LARGEST_PAGE)
        page = _positive(self.query.get("page"), 1)
        last = max(1, -(-len(items) // size))
        shaped = [shape(item) for item in items[(page - 1) * size : page * size]]
        data = shaped if under is None else {"total_count": len(items), under: shaped}
        wanted = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        if page == 1:
            del wanted["prev"], wanted["first"]
        if page >= last:
            del wanted["next"], wanted["last"]
        link = ", ".join(f'<{self._address(number)}>; rel="{name}"' for name, number in wanted.items())
        return Answer(200, data, (("Link", link),) if link else ())

    def _address(self, page: int) -> str:
        return f"{self.links.api}{self.path}?{urlencode({**self.query, 'page': page})}"


def _positive(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default
