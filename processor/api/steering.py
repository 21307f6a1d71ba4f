"""What the routes of capacity and settings ask of the service, and what they have in common."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Protocol

from fastapi import Depends, HTTPException
from pydantic import Field

from processor.api.bearer import REFUSALS, Refusal, require_bearer
from processor.errors import SettingsError, UsageError

_UNCONFIGURED = "this processor changes nothing over HTTP, because its token cannot be read; its log says why"
_UNAUTHORIZED = "the bearer token is missing or wrong; it stands in the file api_token of the service's state folder"
WRONG: dict[int | str, dict[str, Any]] = {
    422: {
        "model": Refusal,
        "description": "wrong, not to be changed at run time, or not together with the other settings",
    }
}
Why = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]
Who = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Duration = Annotated[str, Field(max_length=30, examples=["2h"], pattern=r"^(?:\d{1,9}[smhdw])+$")]
Key = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Listed = list[dict[str, Any]]


class Steering(Protocol):
    """What the service does for these routes."""

    def capacity(self) -> Mapping[str, Any]:
        """Show the level of every host."""

    def set_level(self, level: str, seconds: float | None, *, reason: str, by: str) -> Listed:
        """Put every host at a level, or let each follow its load."""

    def config(self, key: str | None) -> Mapping[str, Any]:
        """Show the settings in force."""

    def set_values(self, values: Mapping[str, object], seconds: float, *, reason: str, by: str) -> Listed:
        """Change settings for a while."""

    def take_back(self, keys: Sequence[str] | None, *, reason: str, by: str) -> Listed:
        """End changes before their time."""

    def history(self, limit: int, key: str | None, *, offset: int) -> tuple[int, Listed]:
        """Count the changes, and list a page of them, newest first."""


def guarded(token: Callable[[], str] | None) -> dict[str, Any]:
    """Give the options of a route that changes something: the token is asked for first."""
    authorize = require_bearer(token, unconfigured=_UNCONFIGURED, unauthorized=_UNAUTHORIZED)
    return {"dependencies": [Depends(authorize)], "responses": {**REFUSALS, **WRONG}}


def changed(change: Callable[[], Listed]) -> dict[str, Listed]:
    """Give what was changed; what is wrong is answered with 422 and the reason."""
    try:
        return {"changed": change()}
    except SettingsError as exc:
        raise HTTPException(422, "; ".join(map(str, exc.faults))) from exc
    except UsageError as exc:
        raise HTTPException(422, str(exc)) from exc
