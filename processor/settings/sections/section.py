"""What all parts of the settings share: strictness, and the kinds of value they are made of."""

import zoneinfo
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def _expand_home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(f"the home folder in {path} cannot be found") from error


def _time_zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is no time zone of the IANA database, such as Asia/Tokyo") from error
    return name


# Strict, because YAML has real numbers and truth values: `max_parallel: yes` must not be read as 1.
Flag = Annotated[bool, Field(strict=True)]
Integer = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True)]
Seconds = Annotated[Number, Field(gt=0)]
Text = Annotated[str, Field(min_length=1)]
FilePath = Annotated[Path, AfterValidator(_expand_home)]
Repository = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", examples=["octo/hello"])]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$", examples=["my-name"])]
VariableName = Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]*$", examples=["ANTHROPIC_API_KEY"])]
TimeZone = Annotated[str, AfterValidator(_time_zone), Field(examples=["Asia/Tokyo"])]

# Whoever holds one of these acts as us: no agent and no check ever sees them.
OUR_SECRETS = frozenset(
    {
        "GITHUB_TOKEN",
        "GITHUB_TOKEN_FILE",
        "GH_TOKEN",
        "GITHUB_ENTERPRISE_TOKEN",
        "GH_ENTERPRISE_TOKEN",
        "PGPASSWORD",
        "PGPASSFILE",
        "AIP_ALERTS_TOKEN",
    }
)


def without_our_secrets(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return `names`; raises ValueError when one of them holds a secret of ours."""
    forbidden = sorted(OUR_SECRETS & set(names))
    if forbidden:
        raise ValueError(f"agents and checks never get {', '.join(forbidden)}")
    return names


class Section(BaseModel):
    """A part of the settings: frozen, and an unknown key is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _nothing_means_default(cls, data: object) -> object:
        """Take `intake:` with every line below it commented out as if it were not there."""
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}
