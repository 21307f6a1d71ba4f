"""Compare findings on the base commit with findings on the change: new, fixed, flaky or unchanged."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from processor.gate.verdict import in_reading_order
from processor.model import Finding, FindingState


def has_new(base: Sequence[Finding], change: Sequence[Finding]) -> bool:
    """Tell whether the change has a finding that the base commit has not, equal keys counted one by one."""
    before, after = _by_key(base), _by_key(change)
    return any(len(found) > len(before.get(key, ())) for key, found in after.items())


def compare(
    base: Sequence[Finding], change: Sequence[Finding], again: Sequence[Finding] | None = None
) -> tuple[Finding, ...]:
    """Give every finding its state; findings of one key are counted, so a third beside two old ones is new.

    Args:
        again: what a second run on the change found, None when there was none. A finding of one run alone is flaky,
            whichever run it was.
    """
    before, first = _by_key(base), _by_key(change)
    second = first if again is None else _by_key(again)
    found: list[Finding] = []
    for key in before.keys() | first.keys() | second.keys():
        found += _states_of(before.get(key, ()), first.get(key, ()), second.get(key, ()))
    return in_reading_order(found)


def follow_renames(findings: Sequence[Finding], new_path_by_old: Mapping[str, str]) -> tuple[Finding, ...]:
    """Write the new name of a renamed file into findings of the base commit, so that they meet their equals."""
    return tuple(_follow(finding, new_path_by_old) for finding in findings)


def _follow(finding: Finding, new_path_by_old: Mapping[str, str]) -> Finding:
    for old, new in new_path_by_old.items():
        if finding.path == old or (not finding.path and old in finding.key):
            return replace(finding, key=finding.key.replace(old, new), path=new if finding.path else "")
    return finding


def _states_of(base: Sequence[Finding], first: Sequence[Finding], second: Sequence[Finding]) -> list[Finding]:
    always, ever = min(len(first), len(second)), max(len(first), len(second))
    changed = first if len(first) >= len(second) else second
    counts = {
        FindingState.UNCHANGED: min(len(base), always),
        FindingState.NEW: max(0, always - len(base)),
        FindingState.FLAKY: ever - always,
    }
    stated: list[Finding] = []
    for state, count in counts.items():
        start = len(stated)
        stated += [replace(finding, state=state) for finding in changed[start : start + count]]
    return stated + [replace(finding, state=FindingState.FIXED) for finding in base[ever:]]


def _by_key(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    grouped: dict[str, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda one: (one.path, one.line, one.message)):
        grouped[finding.key].append(finding)
    return dict(grouped)
