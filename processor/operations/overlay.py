"""Combine the settings of the files with what is overridden now, at this moment and at each later one. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from processor.errors import SettingsError
from processor.ledger.overrides import Override
from processor.settings.load import Loaded
from processor.settings.overriding import override


@dataclass(frozen=True)
class Overlaid:
    """What is in force, and the overrides that could not be laid on the files as they are now, with their faults."""

    loaded: Loaded
    left_out: tuple[Override, ...] = ()
    error: SettingsError | None = None


def in_force(overrides: Iterable[Override], now: float) -> tuple[Override, ...]:
    """Take those whose time is not over."""
    return tuple(one for one in overrides if one.is_in_force(now))


def overlay(base: Loaded, overrides: Sequence[Override]) -> Overlaid:
    """Lay overrides on the files' settings; one that does not go with them is left out, whatever else it does.

    They went together when they were set. The files may have been changed since, or be others on this host.
    """
    try:
        return Overlaid(override(base, _values(overrides)))
    except SettingsError as exc:
        error = exc
    kept: list[Override] = []
    loaded = base
    for one in overrides:
        try:
            loaded = override(base, _values([*kept, one]))
        except SettingsError:
            continue
        kept.append(one)
    return Overlaid(loaded, tuple(one for one in overrides if one not in kept), error)


def check_every_moment(base: Loaded, overrides: Sequence[Override], now: float) -> None:
    """See that the settings are right now and whenever one of the overrides ends.

    Raises:
        SettingsError: at some moment they are not.
    """
    ends = sorted({one.expires_at for one in overrides if one.is_in_force(now)})
    for moment in (now, *ends):
        override(base, _values(in_force(overrides, moment)))


def announced_from(one: Override, lead_seconds: float) -> float:
    """Tell when the end of an override is announced: the lead before it, or when a quarter of a short one is left."""
    return one.expires_at - min(lead_seconds, (one.expires_at - one.set_at) / 4)


def _values(overrides: Iterable[Override]) -> Mapping[str, object]:
    return {one.key: one.value for one in overrides}
