"""Print what the gate said of a change, one line a check."""

from processor.cli import screen, words
from processor.model import CheckReport, CheckResult, FindingState, GateReport


def print_gate(report: GateReport) -> None:
    """Print the verdict, the checks, and why a change was rejected."""
    verdict = "passed" if report.passed else "rejected"
    screen.say()
    screen.say(
        f"gate {verdict}: score {report.score:.0f} of 100 (needs {report.minimum_score:g}), "
        f"risk {report.risk:.1f} of 10 (at most {report.security_threshold:g})",
        "bold",
    )
    screen.print_table(
        ("CHECK", "RESULT", "SCORE", "TOOK", "FINDINGS", "SUMMARY"),
        [_row(check) for check in report.checks],
        cuts_last=False,
    )
    for reason in report.reasons:
        screen.say(f"- {reason}")


def _row(check: CheckReport) -> tuple[screen.Cell, ...]:
    has_score = check.result in {CheckResult.PASSED, CheckResult.FAILED}
    return (
        f"{check.name}{' *' if check.is_required else ''}",
        screen.state_cell(str(check.result)),
        f"{check.score:.0f}" if has_score else "-",
        words.duration(check.duration_seconds),
        _findings(check),
        check.summary,
    )


def _findings(check: CheckReport) -> str:
    counts = {state: sum(finding.state is state for finding in check.findings) for state in FindingState}
    return ", ".join(f"{number} {state}" for state, number in counts.items() if number) or "none"
