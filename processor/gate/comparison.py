"""Compare findings on the base commit with findings on the change: new, fixed, flaky or unchanged."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from processor.gate.verdict import in_reading_order
from processor.model import Finding, FindingState


def has_new(base: Sequence[Finding], change: Sequence[Finding]) -> bool:
    """Tell whether the change has a finding that the base commit has not, equal keys counted one by one."""
    before, after = _by_key(base), _by_key(change)
    return any(len(found) > len(before.get(key, ())) for key, found in after.items())


def compare(
    base: Sequence[Finding],
    change: Sequence[Finding],
    again: Sequence[Finding] | None = None,
    *,
    family: Callable[[Finding], str] = lambda finding: finding.key,
) -> tuple[Finding, ...]:
    """Give every finding its state; findings of one key are counted, so a third beside two old ones is new.

    Args:
        again: what a second run on the change found, None when there was none. A finding of one run alone is flaky,
            whichever run it was, unless the other run has one of the same family in its place.
        family: what two findings share that are the same complaint in other words, such as with another temporary
            name or exit code. A program that complains twice has not been cured by running it again.
    """
    before, first = _by_key(base), _by_key(change)
    second = first if again is None else _by_key(again)
    found: list[Finding] = []
    single: dict[str, _Singles] = defaultdict(_Singles)
    for key in before.keys() | first.keys() | second.keys():
        sides = (before.get(key, []), first.get(key, []), second.get(key, []))
        found += _states_of(*sides)
        _collect(single, family, *sides)
    for singles in single.values():
        found += _paired(singles)
    return in_reading_order(found)


def follow_renames(findings: Sequence[Finding], new_path_by_old: Mapping[str, str]) -> tuple[Finding, ...]:
    """Write the new name of a renamed file into findings of the base commit, so that they meet their equals."""
    return tuple(_follow(finding, new_path_by_old) for finding in findings)


def _follow(finding: Finding, new_path_by_old: Mapping[str, str]) -> Finding:
    for old, new in new_path_by_old.items():
        if finding.path == old or (not finding.path and old in finding.key):
            return replace(finding, key=finding.key.replace(old, new), path=new if finding.path else "")
    return finding


@dataclass(frozen=True)
class _Singles:
    """Findings of one family that have no equal: on the base commit, or in the other run."""

    base: list[Finding] = field(default_factory=list)
    first: list[Finding] = field(default_factory=list)
    second: list[Finding] = field(default_factory=list)


def _states_of(base: list[Finding], first: list[Finding], second: list[Finding]) -> list[Finding]:
    """Give states to the findings of one key that have an equal."""
    always, ever = min(len(first), len(second)), max(len(first), len(second))
    changed = first if len(first) >= len(second) else second
    known = min(len(base), ever)
    return [
        *_stated(changed[: min(known, always)], FindingState.UNCHANGED),
        *_stated(changed[known:always], FindingState.NEW),
        *_stated(changed[always:known], FindingState.FLAKY),
    ]


def _collect(
    single: dict[str, _Singles],
    family: Callable[[Finding], str],
    base: list[Finding],
    first: list[Finding],
    second: list[Finding],
) -> None:
    known = max(len(base), min(len(first), len(second)))
    for finding in base[max(len(first), len(second)) :]:
        single[family(finding)].base.append(finding)
    for finding in first[known:]:
        single[family(finding)].first.append(finding)
    for finding in second[known:]:
        single[family(finding)].second.append(finding)


def _paired(singles: _Singles) -> list[Finding]:
    pairs = min(len(singles.first), len(singles.second))
    known = min(pairs, len(singles.base))
    return [
        *_stated(singles.first[:known], FindingState.UNCHANGED),
        *_stated(singles.first[known:pairs], FindingState.NEW),
        *_stated([*singles.first[pairs:], *singles.second[pairs:]], FindingState.FLAKY),
        *_stated(singles.base[known:], FindingState.FIXED),
    ]


def _stated(findings: Sequence[Finding], state: FindingState) -> list[Finding]:
    return [replace(finding, state=state) for finding in findings]


def _by_key(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    grouped: dict[str, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda one: (one.path, one.line, one.message)):
        grouped[finding.key].append(finding)
    return dict(grouped)
