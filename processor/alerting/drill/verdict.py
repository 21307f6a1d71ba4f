"""Judge a drill that has run its course: the right people, the right words, and nobody and nothing else. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from processor.alerting.drill.condition import Means
from processor.alerting.drill.messages import EMAIL, SLACK, Message
from processor.alerting.drill.plan import Plan
from processor.alerting.drill.progress import Progress, begun, belongs

_FILLED_IN = re.compile(r"{{.*?}}")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How one drill ended; seconds are those of this machine's clock, None where a stage was not reached."""

    alert: str
    k: float
    condition: str
    severity: str
    delivered_to: tuple[str, ...]
    fired_seconds: float | None
    told_seconds: float | None
    over_seconds: float | None
    faults: tuple[str, ...]

    @property
    def is_passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def judge(plan: Plan, progress: Progress, messages: Sequence[Message]) -> Verdict:
    """Judge one drill by everything that came over the channels."""
    own = [message for message in messages if belongs(plan, message)]
    began = progress.injected_at
    return Verdict(
        alert=plan.alert,
        k=plan.k,
        condition=plan.script.told,
        severity=plan.rule.labels.get("severity", ""),
        delivered_to=tuple(sorted({message.channel for message in own})),
        fired_seconds=_since(began, progress.fired_at),
        told_seconds=_since(began, progress.told_at),
        over_seconds=_since(progress.healed_at, progress.over_at),
        faults=tuple(_faults(plan, progress, own, messages)),
    )


def _since(began: float | None, ended: float | None) -> float | None:
    return None if began is None or ended is None else round(ended - began, 2)


def _faults(plan: Plan, progress: Progress, own: Sequence[Message], messages: Sequence[Message]) -> Iterator[str]:
    if progress.failure:
        yield progress.failure
    strangers = {message.channel for message in own} - plan.channels
    if strangers:
        yield f"{', '.join(sorted(strangers))} got it, which its labels do not say"
    expected = {plan.alert} | plan.script.also | plan.script.hides
    if plan.script.means is Means.TARGETS and (extra := progress.fired - expected):
        yield f"{', '.join(sorted(extra))} fired with it"
    yield from _wrong_words(plan, own)
    yield from _leaks(plan, progress, messages)


def _wrong_words(plan: Plan, own: Sequence[Message]) -> Iterator[str]:
    """Find what the first message of each channel leaves out."""
    for channel in sorted(plan.channels):
        first = next((message for message in begun(plan, own) if message.channel == channel), None)
        if first is not None and (missing := [*_missing_words(plan, first)]):
            yield f"{channel} was not told {', '.join(missing)}"


def _missing_words(plan: Plan, message: Message) -> Iterator[str]:
    said = plan.rule.annotations
    if not _holds_one(message.text, [said.get("summary", ""), said.get("summary_ja", "")]):
        yield "the summary"
    if not _holds_one(message.text, [said.get("description", ""), said.get("description_ja", "")]):
        yield "the description with its threshold"
    if message.channel in {EMAIL, SLACK} and plan.rule.labels.get("severity", "").upper() not in message.text:
        yield "the severity"
    yield from (word for word in plan.script.says if word not in message.text)
    if "<no value>" in message.text:
        yield "a value: it says <no value>"


def _holds_one(text: str, templates: Sequence[str]) -> bool:
    """Tell whether the text holds one of the templates: every part of it that is not filled in."""
    return any(all(part in text for part in _FILLED_IN.split(template)) for template in templates if template)


def _leaks(plan: Plan, progress: Progress, messages: Sequence[Message]) -> Iterator[str]:
    """Find inhibited alerts of which somebody was told; once it is mended they may be."""
    until = progress.healed_at or float("inf")
    for name in sorted(plan.script.hides):
        told = {
            message.channel
            for message in messages
            if (message.alert, message.drill) == (name, plan.alert) and message.at < until
        }
        if told:
            yield f"{', '.join(sorted(told))} got {name}, which it should have hidden"
