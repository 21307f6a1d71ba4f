"""`/api/maintain`: upkeep of this service, its host and its ledger."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from fastapi import APIRouter, HTTPException
from pydantic import ConfigDict, Field

from processor.api.answers.actions import Word
from processor.api.answers.answer import Answer
from processor.api.bearer import Refusal
from processor.api.steering import guarded
from processor.errors import LedgerError, ProcessorError

SubjectName = Literal["memory", "disk", "network", "database"]


class UpkeepWish(Word):
    """What is to be kept up."""

    subject: SubjectName
    dry_run: bool = Field(False, description="only say what would be done")


class ReadingAnswer(Answer):
    """One measured number; `after` is null when nothing was done."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(examples=["size of the ledger"])
    unit: str = Field(description="empty for a count", examples=["bytes"])
    before: float
    after: float | None


class UpkeepDone(Answer):
    """What was done by which service."""

    instance: str
    subject: SubjectName
    is_dry_run: bool
    did: list[str]
    readings: list[ReadingAnswer]


class Keeper(Protocol):
    """What the service does for this route."""

    def maintain(self, subject: str, *, dry_run: bool, reason: str, by: str) -> Mapping[str, Any]:
        """Keep a subject up, and tell what was done."""


def maintain_routes(keeper: Keeper, *, token: Callable[[], str] | None) -> APIRouter:
    """Make the route, which needs the token."""
    routes = APIRouter(prefix="/api/maintain", tags=["actions"])
    guard = guarded(token)
    failed: dict[int | str, dict[str, Any]] = {
        409: {"model": Refusal, "description": "it could not be done, with the reason"}
    }

    @routes.post(
        "",
        summary="Keep memory, disk, network or database up",
        dependencies=guard["dependencies"],
        responses={**guard["responses"], **failed},
    )
    def post_maintain(wish: UpkeepWish) -> UpkeepDone:
        try:
            done = keeper.maintain(wish.subject, dry_run=wish.dry_run, reason=wish.reason, by=wish.by)
        except LedgerError:
            raise
        except ProcessorError as exc:
            raise HTTPException(409, str(exc)) from exc
        return UpkeepDone.model_validate(done)

    return routes
