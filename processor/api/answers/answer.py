"""What every answer has in common, and how lists are turned in pages."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

#: SQLite and PostgreSQL count in 64 bits.
_LARGEST = 2**31 - 1
Limit = Annotated[int, Query(ge=1, le=1000, description="how many at most")]
Offset = Annotated[int, Query(ge=0, le=_LARGEST, description="how many to leave out first")]


class Answer(BaseModel):
    """An object whose keys are all described."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Answer):
    """Which part of a list this is; `total` counts the whole list."""

    total: int = Field(ge=0, examples=[120])
    limit: int = Field(examples=[100])
    offset: int = Field(examples=[0])
