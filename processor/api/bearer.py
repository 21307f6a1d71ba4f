"""Let a request in only when it shows the right bearer token."""

import hmac
from collections.abc import Callable
from typing import Any

from fastapi import HTTPException, Request
from pydantic import BaseModel, ConfigDict


class Refusal(BaseModel):
    """Why a request is not done: what happened and the next step, in one sentence."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"detail": "there is no run 1b9d"}]})
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
        if not shows(request, token()):
            raise HTTPException(401, unauthorized, {"WWW-Authenticate": "Bearer"})

    return authorize


def shows(request: Request, token: str) -> bool:
    """Tell whether a request shows this bearer token."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
