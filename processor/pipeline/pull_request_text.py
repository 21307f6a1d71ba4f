"""What a reviewer reads: title, commit message, pull request body, status comment. Pure text.

Issue titles and agents' words are strangers' text: they may not close other issues, call people or leave their block.
"""

import re

from processor.gate import render_gate_table
from processor.ledger.records import RunRecord
from processor.model import Change, GateReport, Usage

_TITLE_LIMIT = 200
_SUMMARY_LIMIT = 4000
_FILES_SHOWN = 30
# Source: https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
_REFERENCE = re.compile(r"(#|GH-|/(?:issues|pull)/)(?=\d)", re.IGNORECASE)
_ORIGIN = re.compile(r"^Run `([^`\s]+)`, ", re.MULTILINE)
_MENTION = re.compile(r"@(?=\w)")


def title(run: RunRecord) -> str:
    """Write `Auto-fix: <title> (#N)` on one line."""
    return f"Auto-fix: {_one_line(run.title)} (#{run.ref.number})"


def commit_message(run: RunRecord) -> str:
    """Write the commit message; the trailer names the run that made it."""
    return f"{title(run)}\n\nFixes #{run.ref.number}\n\nRun-Id: {run.run_id}\n"


def is_commit_message_of(message: str, issue: int) -> bool:
    """Tell whether a commit message is one that we write for an issue."""
    return re.search(rf"\n\nFixes #{issue}\n\nRun-Id: \S+\s*\Z", message) is not None


def body(run: RunRecord, report: GateReport, spent: tuple[Usage, ...], change: Change) -> str:
    """Write the pull request's body: what it fixes, what was done, what the gate said, what it cost."""
    parts = [
        f"Fixes #{run.ref.number}",
        _previous(run),
        "### What was done",
        _what_was_done(run, change),
        "\n".join(_files(change.files)),
        _summary(run.agent_summary),
        "### Quality gate",
        render_gate_table(report),
        "### Usage",
        usage_line(spent),
        _origin(run),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def run_of(text: str) -> str | None:
    """Read which run wrote a body; None when it is not one of ours."""
    found = _ORIGIN.findall(text)
    return found[-1] if found else None


def _previous(run: RunRecord) -> str:
    if run.previous_pull_request is None:
        return ""
    return f"Follows #{run.previous_pull_request}, which was closed or merged before."


def _what_was_done(run: RunRecord, change: Change) -> str:
    size = f"{_count(len(change.files), 'file')} (+{change.added_lines} / -{change.removed_lines})"
    return f"Agent `{run.agent}` changed {size} at base commit {run.base_commit}:"


def _origin(run: RunRecord) -> str:
    made = f"Run `{run.run_id}`, {_count(run.attempts, 'attempt')}."
    return f"{made} A person must review and merge this; nothing here merges by itself."


def usage_line(spent: tuple[Usage, ...]) -> str:
    """Write tokens and cost over all attempts; what no agent said is called unknown."""
    parts = [
        f"{label}: {_sum([getattr(usage, field) for usage in spent])}"
        for label, field in (
            ("input tokens", "input_tokens"),
            ("from cache", "cache_read_tokens"),
            ("output tokens", "output_tokens"),
        )
    ]
    cost = _sum([usage.cost_dollars for usage in spent])
    return ", ".join([*parts, f"cost: {cost if cost == 'unknown' else f'${float(cost):.4f}'}"])


def quoted(text: str, limit: int) -> str:
    """Write a stranger's text as a block that it cannot leave, with no working reference or mention."""
    shown = _defused(text.strip()[:limit])
    fence = "`" * max(3, max((len(ticks) for ticks in re.findall(r"`+", shown)), default=0) + 1)
    return f"{fence}text\n{shown}\n{fence}"


def _one_line(text: str) -> str:
    line = _defused(" ".join(_printable(text).split()))
    return line if len(line) <= _TITLE_LIMIT else f"{line[: _TITLE_LIMIT - 1]}…"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _defused(text: str) -> str:
    return _MENTION.sub("@ ", _REFERENCE.sub(r"\1 ", text))


def _summary(text: str | None) -> str:
    if not text or not text.strip():
        return ""
    return f"<details><summary>The agent's own words</summary>\n\n{quoted(text, _SUMMARY_LIMIT)}\n\n</details>"


def _files(files: tuple[str, ...]) -> list[str]:
    # A line break in a name would end its code span, and what follows would be Markdown.
    shown = [f"- `{_defused(_printable(path)).replace('`', '')}`" for path in files[:_FILES_SHOWN]]
    return shown if len(files) <= _FILES_SHOWN else [*shown, f"- and {len(files) - _FILES_SHOWN} more"]


def _sum(values: list[float | int | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{sum(known)}" if known else "unknown"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
