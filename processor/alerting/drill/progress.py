"""Where a drill stands, and what the next look changes: injected, fired, told, mended, over. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from processor.alerting.drill.condition import Means
from processor.alerting.drill.messages import DEAD_MANS_SWITCH, Message
from processor.alerting.drill.plan import Plan

#: So many beats in a row say that the dead man's switch is fed.
_BEATS = 3
_SILENT_BEATS = 20
_BEAT_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One look at Prometheus and the channels at the Unix time `now`: what is of this drill."""

    now: float
    firing: frozenset[str]  #: alerts that fire for the service under drill
    messages: Sequence[Message]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Unix times of each stage; None when it is not reached. `failure` ends the drill."""

    injected_at: float
    fired_at: float | None = None
    told_at: float | None = None
    healed_at: float | None = None
    over_at: float | None = None
    failure: str = ""
    fired: frozenset[str] = field(default_factory=frozenset)  #: every alert that was seen firing before it was mended

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to wait for."""
        return bool(self.failure) or self.over_at is not None


def advance(plan: Plan, progress: Progress, seen: Seen) -> Progress:
    """Take one look into account."""
    if progress.is_done:
        return progress
    if progress.healed_at is not None:
        return _after_healing(plan, progress, progress.healed_at, seen)
    reached = replace(progress, fired=progress.fired | seen.firing)
    if reached.fired_at is None and plan.alert in seen.firing:
        reached = replace(reached, fired_at=seen.now)
    if reached.fired_at is not None and not _untold(plan, seen) and plan.script.hides <= seen.firing:
        return replace(reached, told_at=seen.now)
    if seen.now - progress.injected_at > plan.fires_within:
        return replace(reached, failure=_why_not_told(plan, reached, seen))
    return reached


def belongs(plan: Plan, message: Message) -> bool:
    """Tell whether a message is of this drill's own alert."""
    return message.alert == plan.alert and message.drill in {None, plan.alert}


def begun(plan: Plan, messages: Sequence[Message]) -> list[Message]:
    """Choose the messages that say that it fires."""
    return [message for message in messages if belongs(plan, message) and not message.is_over]


def over(plan: Plan, messages: Sequence[Message]) -> list[Message]:
    """Choose the messages that say that it is over."""
    return [message for message in messages if belongs(plan, message) and message.is_over]


def _untold(plan: Plan, seen: Seen) -> set[str]:
    told = [message.channel for message in begun(plan, seen.messages)]
    if plan.script.means is Means.PROMETHEUS and told.count(DEAD_MANS_SWITCH) < _BEATS:
        return {DEAD_MANS_SWITCH}
    return set(plan.channels) - set(told)


def _why_not_told(plan: Plan, progress: Progress, seen: Seen) -> str:
    limit = f"within {plan.fires_within:.0f} s"
    if progress.fired_at is None:
        return f"it did not fire {limit}"
    if missing := _untold(plan, seen):
        return f"it fired, and {', '.join(sorted(missing))} did not get it {limit}"
    return f"{', '.join(sorted(plan.script.hides - seen.firing))} should have fired with it {limit}, and did not"


def _after_healing(plan: Plan, progress: Progress, healed_at: float, seen: Seen) -> Progress:
    if plan.script.means is Means.PROMETHEUS:
        missing = set() if _is_silent(plan, seen) else {DEAD_MANS_SWITCH}
        complaint = "still got beats"
    else:
        told = {message.channel for message in over(plan, seen.messages) if message.at >= healed_at}
        missing = set(plan.channels) - told
        complaint = "did not hear that it is over"
    if not missing:
        return replace(progress, over_at=seen.now)
    if seen.now - healed_at > plan.is_over_within:
        limit = f"{plan.is_over_within:.0f} s after it was mended"
        return replace(progress, failure=f"{', '.join(sorted(missing))} {complaint} {limit}")
    return progress


def _is_silent(plan: Plan, seen: Seen) -> bool:
    beats = [message.at for message in begun(plan, seen.messages) if message.channel == DEAD_MANS_SWITCH]
    return seen.now - max(beats, default=0.0) > _SILENT_BEATS * _BEAT_SECONDS / plan.k
