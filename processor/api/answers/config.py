"""What `/api/config` and `/api/config/history` answer; `PUT /api/capacity` answers as a change of settings does."""

from typing import Literal

from pydantic import Field, JsonValue

from processor.api.answers.answer import Answer, Page
from processor.ledger.overrides import Action
from processor.settings.layers import Layer

_UNTIL = "seconds since the epoch; null when it does not end by itself"
_KEY = ["gate.minimum_score"]
_WHO = ["ada@ops1"]


class Setting(Answer):
    """A setting in force, and where it comes from."""

    key: str = Field(examples=_KEY)
    value: JsonValue = Field(examples=[60])
    layer: Layer = Field(description="what gave the value; later ones of the list win")
    file: str | None = Field(
        description="which file, or environment for a variable; null for a default", examples=["quality_gate.yaml"]
    )
    line: int | None = Field(examples=[3])
    at_run_time: Literal["yes", "files", "restart"] = Field(
        description="how it changes while a service runs: by `aip config set`, by its file alone, or at a restart"
    )
    why_not: str | None = Field(description="why not by `aip config set`; null when it can")
    set_by: str | None = Field(description="who changed it for a while", examples=_WHO)
    expires_at: float | None = Field(description=_UNTIL)


class SettingForAWhile(Answer):
    """A setting that an operator changed, until it ends by itself."""

    key: str = Field(examples=_KEY)
    file: JsonValue = Field(description="what the settings files say, and what holds again afterwards", examples=[70])
    value: JsonValue = Field(examples=[60])
    set_by: str = Field(examples=_WHO)
    set_at: float
    reason: str = Field(examples=["release day"])
    expires_at: float
    has_effect: bool = Field(description="false when the files say the same, or it no longer goes with the rest")


class SettingsInForce(Answer):
    """The settings that are no defaults, or those that were asked for."""

    settings: list[Setting]
    left_out: list[str] = Field(description="keys changed for a while that no longer go with the files")
    overrides: list[SettingForAWhile] = Field(description="everything that is changed for a while")


class ChangedNow(Answer):
    """One setting before and after."""

    key: str = Field(examples=_KEY)
    before: JsonValue = Field(examples=[70])
    after: JsonValue = Field(examples=[60])
    expires_at: float | None = Field(description=_UNTIL)


class Changed(Answer):
    """What was changed; empty when everything was so already."""

    changed: list[ChangedNow]


class PastChange(ChangedNow):
    """Who changed which setting, when and why."""

    id: int
    at: float
    actor: str = Field(description="who; a service when a time was over or a file was read again", examples=_WHO)
    action: Action
    reason: str = Field(examples=["release day"])


class History(Page):
    """A page of the changes, newest first."""

    changes: list[PastChange]
