"""What an import did, as text and as JSON."""

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from processor.cli import screen, words
from processor.ledger.imports import Compared, Verdict
from processor.operations.legacy.findings import Findings
from processor.operations.legacy.old_settings import Translation

_SHOWN = 5


@dataclass(frozen=True)
class Verified:
    """How many claims have each verdict, and how many runs it moved in the totals, which had them already."""

    verdicts: dict[str, int]
    corrected: int


@dataclass
class Outcome:
    """Everything that is to be said; `verified` and `counted` are None when nobody asked for them."""

    findings: Findings
    compared: Compared
    translation: Translation
    is_dry_run: bool = False
    files: tuple[Path, ...] = ()
    verified: Verified | None = None
    counted: int | None = None


def show(outcome: Outcome, *, as_json: bool) -> None:
    """Print it."""
    if as_json:
        screen.print_json(_as_json(outcome))
    else:
        _show(outcome)


def _as_json(outcome: Outcome) -> dict[str, Any]:
    found, compared = outcome.findings, outcome.compared
    return {
        "is_dry_run": outcome.is_dry_run,
        "files": found.files,
        "files_not_read": found.not_read,
        "seen": dict(found.rows),
        "repeated": found.repeated,
        "damaged_lines": found.damaged,
        "runs": {
            "new": len(compared.new_runs),
            "completed": len(compared.completed_runs),
            "known": compared.known_runs,
            "claimed": dict(Counter(str(run.claimed) for run in found.runs.values())),
        },
        "records": {
            "new": len(compared.new_records),
            "known": compared.known_records,
            "kinds": dict(Counter(record.kind for record in found.records.values())),
        },
        "rejected": [asdict(one) for one in found.rejected],
        "settings": {
            "carried": [asdict(one) for one in outcome.translation.carried],
            "left": [asdict(one) for one in outcome.translation.left],
            "secrets": [{"file": one.file, "key": one.key} for one in outcome.translation.secrets],
            "doubts": outcome.translation.doubts,
        },
        "written": [str(path) for path in outcome.files],
        "verdicts": outcome.verified and outcome.verified.verdicts,
        "corrected_in_totals": outcome.verified and outcome.verified.corrected,
        "counted_into_totals": outcome.counted,
    }


def _show(outcome: Outcome) -> None:
    found, compared = outcome.findings, outcome.compared
    would = "would be " if outcome.is_dry_run else ""
    screen.say(
        f"{words.count(len(found.files), 'file')} read, {len(found.not_read)} of no known format left alone", "bold"
    )
    screen.print_table(("WHAT", "SEEN"), [(name, str(count)) for name, count in sorted(found.rows.items())])
    claimed = Counter(str(run.claimed) for run in found.runs.values())
    screen.print_fields(
        {
            "sightings of runs": f"{len(compared.new_runs)} {would}new, {compared.known_runs} known, "
            f"{len(compared.completed_runs)} whose end is known now",
            "they claim": ", ".join(f"{count} {name}" for name, count in sorted(claimed.items())) or "nothing",
            "other records": f"{len(compared.new_records)} {would}new, {compared.known_records} known",
            "said twice": str(found.repeated),
            "refused rows": str(len(found.rejected)),
            "GitHub shows": _verdicts(outcome.verified),
            "counted": None if outcome.counted is None else _counted(outcome.counted),
        }
    )
    if outcome.files:
        screen.say(f"written: {', '.join(str(path) for path in outcome.files)}")
    _remark(outcome)


def _verdicts(verified: Verified | None) -> str | None:
    if verified is None:
        return None
    verdicts = verified.verdicts
    false = sum(count for name, count in verdicts.items() if Verdict(name).is_false)
    named = ", ".join(f"{count} {name}" for name, count in sorted(verdicts.items()))
    corrected = f"; {words.count(verified.corrected, 'run')} put right in the totals" if verified.corrected else ""
    return f"{false} of {sum(verdicts.values())} claimed successes are false ({named or 'none was claimed'}){corrected}"


def _counted(count: int) -> str:
    if count == 0:
        return "no run that was not in the totals before"
    return (
        f"{words.count(count, 'run')} added to the totals, whose created time is now; differences over it mean "
        "nothing, and for 6 hours no alert is told of them (AipTotalsMoved)"
    )


def _remark(outcome: Outcome) -> None:
    """Say on stderr what a person has to look at."""
    rejected = outcome.findings.rejected
    for one in rejected[:_SHOWN]:
        screen.note(f"{one.file}:{one.line}: {one.reason}")
    if len(rejected) > _SHOWN:
        screen.note(f"{len(rejected) - _SHOWN} more refused rows; rejected.jsonl and --json have them all")
    if outcome.findings.damaged:
        screen.note(f"{words.count(outcome.findings.damaged, 'line')} with damaged bytes, read as far as they can be")
    for secret in outcome.translation.secrets:
        screen.note(f"{secret.file}: {secret.key} {secret.reason}; take a new one, this one lay in a plain file")
    for doubt in outcome.translation.doubts:
        screen.note(doubt)
    for left in outcome.translation.left:
        screen.note(f"{left.file}: {left.key or 'the file'} {left.reason}")
