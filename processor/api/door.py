"""Who may look: whoever is on this machine and calls it by its own name, and whoever shows the token.

A page in a browser on this machine is a stranger: it is known by the name it calls us (DNS rebinding) or by its origin.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from processor.api.bearer import Refusal, shows
from processor.settings.cautions import is_this_machine

_READING = frozenset({"GET", "HEAD"})
_UNNAMED = (
    "reading needs the token from here: show what the file api_token of the service's state folder holds, or ask "
    "on that host by a name such as localhost; api.allowed_hosts lists the names of a proxy with a login"
)
_FOREIGN = "a page of another site may not ask this service anything"
#: What a route that only reads may answer, for the OpenAPI description.
LOOK_REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal, "description": "asked from elsewhere, or by a name that is not ours, without the token"},
    403: {"model": Refusal, "description": "asked by a page of another site"},
    408: {"model": Refusal, "description": "the body stopped coming"},
    413: {"model": Refusal, "description": "the body is too large"},
    503: {"model": Refusal, "description": "the ledger cannot be reached"},
}


@dataclass(frozen=True)
class Door:
    """Lets a request in, or refuses it with the reason.

    Args:
        token: gives the token; None when there is none.
        allowed_hosts: names besides this machine's own by which it may be called, such as that of a proxy.
    """

    token: Callable[[], str] | None
    allowed_hosts: Collection[str] = ()

    def __call__(self, request: Request) -> None:
        """Let in or refuse; a change is let through to its own, stricter check."""
        if _is_foreign(request):
            raise HTTPException(403, _FOREIGN)
        if request.method not in _READING or (self._is_near(request) and self._is_our_name(request)):
            return
        if self.token is None or not shows(request, self.token()):
            raise HTTPException(401, _UNNAMED, {"WWW-Authenticate": "Bearer"})

    def _is_near(self, request: Request) -> bool:
        return request.client is not None and is_this_machine(request.client.host)

    def _is_our_name(self, request: Request) -> bool:
        name = _name(f"//{request.headers.get('host', '')}")
        return name in self.allowed_hosts or is_this_machine(name)


def _is_foreign(request: Request) -> bool:
    """Tell whether a browser says that a page of another site asks; programs say nothing of that kind."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        return True
    origin = request.headers.get("origin")
    return origin is not None and _netloc(origin) != request.headers.get("host", "")


def _netloc(origin: str) -> str | None:
    """Give host and port of an origin; None for `null` and what is no address."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def _name(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""
