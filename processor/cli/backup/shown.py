"""Show one backup, for people and for programs."""

from typing import Any

from processor.operations.backup.store import Entry

_UNITS = ("B", "kB", "MB", "GB", "TB")


def as_json(entry: Entry) -> dict[str, Any]:
    """Give what a program wants to know; `is_sound` is null until it was tried."""
    manifest, tried = entry.manifest, entry.verification
    return {
        "name": entry.name,
        "folder": str(entry.folder),
        "made_at": manifest.made_at if manifest else None,
        "size_bytes": manifest.size_bytes if manifest else None,
        "database": manifest.database if manifest else None,
        "schema": manifest.contents.schema if manifest else None,
        "runs": manifest.contents.runs if manifest else None,
        "version": manifest.version if manifest else None,
        "host": manifest.host if manifest else None,
        "verified_at": tried.at if tried else None,
        "is_sound": tried.is_sound if tried else None,
        "problem": entry.problem or None,
    }


def state_of(entry: Entry) -> str:
    """Say in a word or two what a backup is worth."""
    if entry.problem:
        return f"failed: {entry.problem}"
    return "ok" if entry.verification else "not tried yet"


def size(size_bytes: int | None) -> str:
    """Write a size with one unit, in powers of 1000."""
    if size_bytes is None:
        return "-"
    value = float(size_bytes)
    for unit in _UNITS:
        if value < 1000 or unit == _UNITS[-1]:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError
