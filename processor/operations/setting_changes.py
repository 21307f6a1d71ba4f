"""Change settings at run time: for a while, all or nothing, with who, when, why, before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processor.errors import UsageError
from processor.ledger import operators
from processor.ledger import overrides as ledger_overrides
from processor.ledger.connection import Ledger
from processor.ledger.operators import Act
from processor.ledger.overrides import Change, Override
from processor.model.durations import duration_text
from processor.operations.overlay import check_every_moment, in_force, overlay
from processor.settings.keys import value_text
from processor.settings.load import Loaded
from processor.settings.overriding import value_at


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants changed, for how long and why; `values` by full key."""

    values: Mapping[str, object]
    seconds: float
    actor: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One setting that was changed; `expires_at` is None where an override was taken back."""

    key: str
    before: object
    after: object
    expires_at: float | None


def set_overrides(ledger: Ledger, base: Loaded, wish: Wish, now: float) -> tuple[Changed, ...]:
    """Put every value of a wish in force together, or none.

    Args:
        base: the settings of the files, against which the whole is checked: now, and whenever an override ends.

    Raises:
        SettingsError: a value is wrong, may not be changed at run time, or does not go with the rest.
        UsageError: no reason is given, or the time is too long.
    """
    _require(wish, base)
    ends = now + wish.seconds
    new = [
        Override(key=key, value=value, set_at=now, set_by=wish.actor, reason=wish.reason.strip(), expires_at=ends)
        for key, value in wish.values.items()
    ]
    with ledger.write() as db:
        known = ledger_overrides.list_overrides(db)
        standing = in_force(known, now)
        laid = overlay(base, standing)
        kept = [one for one in standing if one.key not in wish.values and one not in laid.left_out]
        check_every_moment(base, [*kept, *new], now)
        before = laid.loaded.settings
        after = overlay(base, [*kept, *new]).loaded.settings
        for one in known:
            if one.key in wish.values and one not in standing:  # over, and no service was there to say so
                ledger_overrides.expire(db, one, value_at(before, one.key), now)
        for one in new:
            ledger_overrides.put(db, one, value_at(before, one.key))
            target = f"{one.key} {value_text(one.value)} for {duration_text(wish.seconds)}"
            act = Act(actor=wish.actor, action="config.set", target=target, reason=one.reason)
            operators.record(db, act, now)
    return tuple(
        Changed(key=one.key, before=value_at(before, one.key), after=value_at(after, one.key), expires_at=ends)
        for one in new
    )


def take_back(
    ledger: Ledger,
    base: Loaded,
    keys: Sequence[str] | None,
    *,
    actor: str,
    reason: str,
    now: float,
    all_or_none: bool = False,
) -> tuple[Changed, ...]:
    """End overrides before their time, all of them when `keys` is None; what was not set is passed over.

    Args:
        all_or_none: refuse where one of the keys was not set, or is not any more.

    Raises:
        SettingsError: what is left would not go with the files.
        UsageError: keys that are not set, with `all_or_none`; nothing is changed.
    """
    with ledger.write() as db:
        standing = in_force(ledger_overrides.list_overrides(db), now)
        gone = [one for one in standing if keys is None or one.key in keys]
        missing = sorted(set(keys or ()) - {one.key for one in gone})
        if all_or_none and missing:
            raise UsageError(f"{', '.join(missing)}: not changed at run time; `aip config diff` shows what is")
        left_out = overlay(base, standing).left_out
        kept = [one for one in standing if one not in gone and one not in left_out]
        check_every_moment(base, kept, now)
        after = overlay(base, kept).loaded.settings
        done = [Changed(key=one.key, before=one.value, after=value_at(after, one.key), expires_at=None) for one in gone]
        for one in done:
            change = Change(
                at=now, actor=actor, action="reverted", key=one.key, before=one.before, after=one.after, reason=reason
            )
            ledger_overrides.take_back(db, change)
            operators.record(db, Act(actor=actor, action="config.revert", target=one.key, reason=reason), now)
    return tuple(done)


def _require(wish: Wish, base: Loaded) -> None:
    longest = base.settings.main.overrides.longest_seconds
    if not wish.values:
        raise UsageError("no setting is named; name a key and its value, such as gate.minimum_score 60")
    if not wish.reason.strip():
        raise UsageError("the reason is empty; say in a word or more why, for colleagues and the history")
    if not 0 < wish.seconds <= longest:
        raise UsageError(
            f"a setting is changed for more than 0 s and at most {duration_text(longest)} (overrides.longest_seconds), "
            f"not for {duration_text(wish.seconds)}; what holds for longer belongs into the settings files"
        )
