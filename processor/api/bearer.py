"""Let a request in only when it shows the right bearer token."""

import hmac
from collections.abc import Callable
from typing import Any

from fastapi import HTTPException, Request
from pydantic import BaseModel


class Refusal(BaseModel):
    """Why a request is not done."""

    detail: str


#: What a route with a token may answer, for the OpenAPI description.
REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal, "description": "the token is missing or wrong"},
    503: {"model": Refusal, "description": "the service has no token to compare with, or the ledger cannot be reached"},
}


def require_bearer(
    token: Callable[[], str] | None, *, unconfigured: str, unauthorized: str
) -> Callable[[Request], None]:
    """Give the check of a route; without a token of ours every request is refused with 503.

    Args:
        token: gives ours, asked at each request.
        unconfigured: what to answer while there is none.
        unauthorized: what to answer to a wrong one.
    """

    def authorize(request: Request) -> None:
        if token is None:
            raise HTTPException(503, unconfigured)
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token().encode()):
            raise HTTPException(401, unauthorized, {"WWW-Authenticate": "Bearer"})

    return authorize
