"""Read and write REST addresses as ourselves: conditional reads, whole lists, single-try writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from processor.errors import GitHubError
from processor.github_client.app_tokens import AppTokens, InstallationToken
from processor.github_client.credentials import Credentials
from processor.github_client.pages import Page, Pages
from processor.github_client.parsing import installation_token
from processor.github_client.refusals import CredentialsRefused
from processor.github_client.rest import Rest
from processor.github_client.values import Answer, EndpointGroup

T = TypeVar("T")

PAGE_SIZE = 100
_MOST_PAGES = 1000
_MOST_PASSES = 3


@dataclass(frozen=True)
class Reading(Generic[T]):
    """What was read; `is_unchanged` when GitHub said so (304) and nothing was spent."""

    value: T
    is_unchanged: bool


class Session:
    """REST calls under our credentials, for all threads."""

    def __init__(self, rest: Rest, credentials: Credentials, *, clock: Callable[[], float]) -> None:
        self._rest = rest
        self._pages = Pages()
        self._token = credentials if callable(credentials) else None
        self._app = None if callable(credentials) else AppTokens(credentials, self._mint, clock=clock)
        self._installation_id = 0 if callable(credentials) else credentials.installation_id
        self._refused_secret: str | None = None

    @property
    def app(self) -> AppTokens | None:
        """The App's tokens; None when we work with a token."""
        return self._app

    def secret(self) -> str:
        """Give the token that proves us now."""
        if self._token is not None:
            return self._token().strip()
        return self._app.current().value if self._app else ""

    @property
    def is_refused(self) -> bool:
        """Whether GitHub refused the credentials that we have now, and has accepted none since; asks nothing."""
        refused = self._refused_secret
        return refused is not None and (self._token is None or self._token().strip() == refused)

    def call(
        self,
        verb: str,
        path: str,
        group: EndpointGroup,
        *,
        body: Mapping[str, Any] | None = None,
        parameters: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one call; when the token was revoked and there is another by now, once more, for a 401 has no effect."""
        try:
            answer = self._send(
                lambda secret: self._rest.call(
                    verb, path, group=group, secret=secret, body=body, parameters=parameters, headers=headers
                )
            )
        except CredentialsRefused:
            self._refused_secret = self._token().strip() if self._token else ""
            raise
        self._refused_secret = None
        return answer

    def _send(self, send: Callable[[str], Answer]) -> Answer:
        secret = self.secret()
        try:
            return send(secret)
        except CredentialsRefused:
            if self._app is not None:
                self._app.forget(secret)
            another = self.secret()
            if another == secret:
                raise
            return send(another)

    def forget_answers(self) -> int:
        """Forget every remembered page, and tell how many there were."""
        return self._pages.clear()

    def call_as_app(self, verb: str, path: str, jwt: str) -> Answer:
        """Send a call as the App itself; minting a second token does no harm, so it may be repeated."""
        return self._rest.call(verb, path, group=EndpointGroup.ACCOUNT, secret=jwt, is_jwt=True, is_repeatable=True)

    def read(
        self,
        path: str,
        group: EndpointGroup,
        parse: Callable[[Any], T],
        parameters: Mapping[str, str] | None = None,
    ) -> Reading[T]:
        """Read one address, conditionally when it was read before."""
        page, is_unchanged = self._page(path, group, parse, parameters or {})
        return Reading(page.value, is_unchanged)

    def read_list(
        self,
        path: str,
        group: EndpointGroup,
        parse: Callable[[Any], tuple[T, ...]],
        parameters: Mapping[str, str] | None = None,
    ) -> Reading[tuple[T, ...]]:
        """Read every page of a list.

        When a thing leaves the list between two pages, the next one moves up and would be missed. So a list of several
        pages is read again until two passes agree; pages that stayed the same cost nothing.
        """
        first, is_unchanged, pages = self._pass(path, group, parse, parameters or {})
        seen = first
        for _ in range(_MOST_PASSES - 1):
            if pages == 1 or is_unchanged:
                break
            again, _unchanged, pages = self._pass(path, group, parse, parameters or {})
            if again == seen:
                break
            seen = again
        return Reading(seen, is_unchanged)

    def _pass(
        self, path: str, group: EndpointGroup, parse: Callable[[Any], tuple[T, ...]], parameters: Mapping[str, str]
    ) -> tuple[tuple[T, ...], bool, int]:
        found: dict[T, None] = {}
        is_all_unchanged = True
        for number in range(1, _MOST_PAGES + 1):
            numbered = {**parameters, "per_page": str(PAGE_SIZE), "page": str(number)}
            page, is_unchanged = self._page(path, group, parse, numbered)
            found.update(dict.fromkeys(page.value))
            is_all_unchanged = is_all_unchanged and is_unchanged
            if not page.has_next:
                return tuple(found), is_all_unchanged, number
        raise GitHubError(f"the list {path} has more than {_MOST_PAGES} pages; narrow what is asked for")

    def _page(
        self, path: str, group: EndpointGroup, parse: Callable[[Any], Any], parameters: Mapping[str, str]
    ) -> tuple[Page, bool]:
        # One address is always parsed in one way, so it alone is the key.
        key = (path, tuple(sorted(parameters.items())))
        known = self._pages.get(key)
        headers = {"If-None-Match": known.etag} if known else {}
        answer = self.call("GET", path, group, parameters=parameters, headers=headers)
        if answer.status == 304 and known:
            return known, True
        value = parsed(answer, f"GET {path}", parse)
        page = Page(answer.headers.get("etag", ""), value, _has_next(answer, value), answer.size)
        if page.etag:
            self._pages.put(key, page)
        return page, False

    def _mint(self, jwt: str) -> InstallationToken:
        path = f"/app/installations/{self._installation_id}/access_tokens"
        return parsed(self.call_as_app("POST", path, jwt), f"POST {path}", installation_token)


def parsed(answer: Answer, name: str, parse: Callable[[Any], T]) -> T:
    """Make a value of an answer.

    Raises:
        GitHubError: the answer has another shape than GitHub documents.
    """
    try:
        return parse(answer.data)
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise GitHubError(
            f"the answer to {name} has not the shape that GitHub documents ({type(exc).__name__}: {exc}); "
            "check github.base_url"
        ) from exc


def _has_next(answer: Answer, value: Any) -> bool:
    # A full page may be followed by another although it named none when it was remembered: one more thing on the
    # next page leaves this page, and so its ETag, as they were.
    is_full = isinstance(value, tuple) and len(value) >= PAGE_SIZE
    return is_full or 'rel="next"' in answer.headers.get("link", "")
