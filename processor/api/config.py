"""`/api/config`: the settings in force, and how an operator changes them for a while."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from processor.api.answers.answer import Limit, Offset
from processor.api.answers.config import Changed, History, SettingsInForce
from processor.api.bearer import Refusal
from processor.api.steering import Duration, Key, Listed, Steering, Who, Why, changed, guarded
from processor.errors import UsageError
from processor.model.durations import seconds_of

_ABSENT: dict[int | str, dict[str, Any]] = {404: {"model": Refusal, "description": "no such setting, or not changed"}}
Scalar = bool | int | float | str
By = Annotated[Who, Query(description="who asks")]
Because = Annotated[Who, Query(description="why, for colleagues and the history")]
Asked = Annotated[Key | None, Query(description="only this setting, or those below it", examples=["gate"])]


class ConfigWish(BaseModel):
    """Values of settings, by keys such as `gate.minimum_score`; all of them, or none."""

    model_config = ConfigDict(extra="forbid")
    values: dict[Key, Scalar | list[Scalar]] = Field(min_length=1, max_length=100)
    duration: Duration = Field(alias="for", description="how long")
    reason: Why = Field(description="why, for colleagues and the history")
    by: Who = Field("", description="who asks")


def config_routes(steering: Steering, *, token: Callable[[], str] | None) -> APIRouter:
    """Make the routes; those that change something need the token."""
    routes = APIRouter(prefix="/api/config", tags=["settings"])
    _add_reading(routes, steering)

    @routes.put("", summary="Change settings for a while, on every host", response_model=Changed, **guarded(token))
    def put_config(wish: ConfigWish) -> dict[str, Listed]:
        seconds = seconds_of(wish.duration)
        return changed(lambda: steering.set_values(wish.values, seconds, reason=wish.reason, by=wish.by))

    @routes.delete(
        "", summary="Take back everything that was changed at run time", response_model=Changed, **guarded(token)
    )
    def delete_config(by: By = "", reason: Because = "") -> dict[str, Listed]:
        return changed(lambda: steering.take_back(None, reason=reason, by=by))

    options = guarded(token)
    options["responses"] |= _ABSENT

    @routes.delete("/{key}", summary="Take back one change", response_model=Changed, **options)
    def delete_key(key: Annotated[Key, Path()], by: By = "", reason: Because = "") -> dict[str, Listed]:
        done = changed(lambda: steering.take_back([key], reason=reason, by=by))
        if not done["changed"]:
            raise HTTPException(404, f"{key} is not changed at run time; GET /api/config lists what is")
        return done

    return routes


def _add_reading(routes: APIRouter, steering: Steering) -> None:
    @routes.get(
        "",
        summary="The settings in force and where each comes from",
        response_model=SettingsInForce,
        responses=_ABSENT,
    )
    def get_config(key: Asked = None) -> Mapping[str, Any]:
        try:
            return steering.config(key)
        except UsageError as exc:
            raise HTTPException(404, str(exc)) from exc

    @routes.get("/history", summary="Who changed what, when and why; newest first", response_model=History)
    def get_history(limit: Limit = 100, offset: Offset = 0, key: Asked = None) -> dict[str, Any]:
        total, found = steering.history(limit, key, offset=offset)
        return {"total": total, "limit": limit, "offset": offset, "changes": found}
