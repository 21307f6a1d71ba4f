"""`/api/capacity`: the level of every host, and how an operator sets it."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from processor.api.answers.capacity import Capacity, WishedLevel
from processor.api.answers.config import Changed
from processor.api.steering import Duration, Listed, Steering, Who, Why, changed, guarded
from processor.model.durations import seconds_of


class CapacityWish(BaseModel):
    """A level for every host; `auto` has each follow its load again."""

    model_config = ConfigDict(extra="forbid")
    level: WishedLevel
    duration: Duration | None = Field(None, alias="for", description="how long; needed for a level")
    reason: Why = Field("", description="why, for colleagues and the history; needed for a level")
    by: Who = Field("", description="who asks")


def capacity_routes(steering: Steering, *, token: Callable[[], str] | None) -> APIRouter:
    """Make the routes; the one that changes something needs the token."""
    routes = APIRouter(prefix="/api/capacity", tags=["capacity"])

    @routes.get("", summary="The level of every host, and what each level starts", response_model=Capacity)
    def get_capacity() -> Mapping[str, Any]:
        return steering.capacity()

    @routes.put(
        "",
        summary="Put every host at one level, or let each follow its load",
        response_model=Changed,
        **guarded(token),
    )
    def put_capacity(wish: CapacityWish) -> dict[str, Listed]:
        seconds = None if wish.duration is None else seconds_of(wish.duration)
        return changed(lambda: steering.set_level(wish.level, seconds, reason=wish.reason, by=wish.by))

    return routes
