"""Keep a running service slim and well connected: memory given back, connections renewed, limits read again."""

import ctypes
import gc
import platform
from collections.abc import Callable

import psutil

from processor.errors import GitHubError, NetworkError
from processor.github_client import GitHubClient
from processor.operations.upkeep.report import Reading, Subject, Upkeep


def keep_memory(clear_caches: Callable[[], int], *, dry_run: bool) -> Upkeep:
    """Empty our caches, collect garbage, and give free memory back to the system where the C library can.

    Args:
        clear_caches: forgets what may be asked again, and tells how many answers that were.
    """
    before = _resident_bytes()
    if dry_run:
        would = ("caches would be emptied, garbage collected, free memory given back",)
        return Upkeep(subject=Subject.MEMORY, is_dry_run=True, did=would, readings=(_memory(before, None),))
    cleared, collected = clear_caches(), gc.collect()
    given_back = _trim()
    did = (
        f"{cleared} remembered answers forgotten",
        f"{collected} objects collected",
        "free memory given back" if given_back else "this C library gives free memory back by itself",
    )
    return Upkeep(subject=Subject.MEMORY, is_dry_run=False, did=did, readings=(_memory(before, _resident_bytes()),))


def keep_network(github: GitHubClient, *, dry_run: bool) -> Upkeep:
    """Close pooled connections, so that new ones are opened, and ask GitHub for its limits, which is free."""
    before = {one.resource: one.remaining for one in github.get_rate_limits()}
    after: dict[str, int] = {}
    did = ["connections would be renewed, limits read again"]
    if not dry_run:
        github.renew_connections()
        did = ["connections renewed"]
        try:
            after = {one.resource: one.remaining for one in github.read_rate_limits()}
            did.append("GitHub's limits read again")
        except (GitHubError, NetworkError) as exc:
            did.append(f"GitHub's limits could not be read: {exc}")
    readings = tuple(
        Reading(name=f"requests left of {name}", unit="", before=before.get(name, 0), after=after.get(name))
        for name in sorted({*before, *after})
    )
    return Upkeep(subject=Subject.NETWORK, is_dry_run=dry_run, did=tuple(did), readings=readings)


def _memory(before: float, after: float | None) -> Reading:
    return Reading(name="resident memory of the service", unit="bytes", before=before, after=after)


def _resident_bytes() -> int:
    return int(psutil.Process().memory_info().rss)


def _trim() -> bool:
    """Give free memory back; only glibc keeps it. Source: https://man7.org/linux/man-pages/man3/malloc_trim.3.html"""
    if platform.libc_ver()[0] != "glibc":
        return False
    ctypes.CDLL(None).malloc_trim(0)
    return True
