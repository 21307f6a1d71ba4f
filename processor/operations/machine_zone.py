"""Suggest the operators' time zone: that of this machine, where it tells anything of its people."""

import zoneinfo

import tzlocal

from processor.settings.sections import MainFile

DEFAULT_ZONE: str = MainFile.model_fields["timezone"].default
#: Servers keep it wherever they stand.
_OF_NOBODY = frozenset({"UTC", "UCT", "GMT", "Zulu", "Universal", "Greenwich"})


def suggested_zone() -> str:
    """Give the zone of TZ or of this machine; the default where that is none with a name, or UTC."""
    try:
        name = tzlocal.get_localzone_name()
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        return DEFAULT_ZONE
    return DEFAULT_ZONE if name.removeprefix("Etc/") in _OF_NOBODY else name
