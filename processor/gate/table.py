"""Show a gate report in a pull request, as Markdown that no finding's text can break out of."""

import re

from processor.gate.plain_text import one_line
from processor.gate.verdict import in_state
from processor.model import CheckReport, CheckResult, Finding, FindingState, GateReport

_COLUMNS = (FindingState.NEW, FindingState.FIXED, FindingState.FLAKY, FindingState.UNCHANGED)
_MOST_LISTED = 20
_LONGEST = 200
_RESULTS = {
    CheckResult.PASSED: "passed",
    CheckResult.FAILED: "failed",
    CheckResult.NOT_APPLICABLE: "not applicable",
    CheckResult.UNAVAILABLE: "could not run",
}


def render_gate_table(report: GateReport) -> str:
    """Render the verdict, one row a check, and the new and flaky findings, 20 at most."""
    said = "passed" if report.passed else "rejected"
    limits = (
        f"score {round(report.score, 1):g} of 100 (at least {report.minimum_score:g}), "
        f"security risk {round(report.risk, 1):g} of 10 (at most {report.security_threshold:g})"
    )
    parts = [
        f"**Gate: {said}**, {limits}",
        "\n".join(
            [
                "| Check | Result | New | Fixed | Flaky | Unchanged | Weight |",
                "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
                *(_row(check) for check in report.checks),
            ]
        ),
    ]
    if report.reasons:
        parts.append("\n".join(["Why it was rejected:", "", *(f"- {_code(reason)}" for reason in report.reasons)]))
    parts += [text for state in (FindingState.NEW, FindingState.FLAKY) if (text := _listing(report, state))]
    return "\n\n".join(parts) + "\n"


def _row(check: CheckReport) -> str:
    counts = [str(len(in_state(check.findings, state))) for state in _COLUMNS]
    if check.result in {CheckResult.NOT_APPLICABLE, CheckResult.UNAVAILABLE}:
        counts = ["–"] * len(_COLUMNS)
    name = re.sub(r"[^a-z0-9_-]", "?", check.name.lower())
    required = "" if check.is_required else " (optional)"
    return f"| {' | '.join([f'`{name}`{required}', _RESULTS[check.result], *counts, f'{check.weight:g}'])} |"


def _listing(report: GateReport, state: FindingState) -> str:
    lines = [
        f"- `{check.name}`: {_code(_place(finding) + finding.message)}"
        for check in report.checks
        for finding in in_state(check.findings, state)
    ]
    if not lines:
        return ""
    more = [f"- and {len(lines) - _MOST_LISTED} more"] if len(lines) > _MOST_LISTED else []
    return "\n".join([f"{state.value.capitalize()} findings:", "", *lines[:_MOST_LISTED], *more])


def _place(finding: Finding) -> str:
    if not finding.path or finding.path in finding.message:
        return ""
    return f"{finding.path}:{finding.line}: " if finding.line else f"{finding.path}: "


def _code(text: str) -> str:
    """Show text in a code span: there GitHub makes no link, no mention, no HTML, and closes no issue."""
    shown = one_line(text, _LONGEST) or "(no text)"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    # CommonMark strips one space at each end when both are there; a span must not start or end with its fence.
    return f"{fence} {shown} {fence}" if shown.startswith("`") or shown.endswith("`") else f"{fence}{shown}{fence}"
