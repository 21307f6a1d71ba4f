"""How long settings may differ from the files at run time."""

from pydantic import Field

from processor.settings.sections.section import Seconds, Section


class Overrides(Section):
    """Settings changed with `aip config set` and `aip capacity set`; each ends by itself."""

    longest_seconds: Seconds = Field(604_800, description="longest time that a setting may be changed for")
    announce_seconds: Seconds = Field(
        900,
        description="its end is announced so long before; that of a short one when a quarter of its time is left",
    )
