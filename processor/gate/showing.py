"""Make reports fit to be kept and shown: no control characters, and no secret that the change adds.

Programs quote the code they complain of, so what they say may hold anything that stands in the change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from processor.gate.plain_text import one_line
from processor.model import CheckReport, Finding

_LONGEST_SUMMARY = 600
_SHORTEST_SECRET = 6  # shorter ones are words of the language, and blotting them would make every message unreadable
_BLOT = "[secret]"


def make_showable(checks: Sequence[CheckReport], secrets: Iterable[str]) -> tuple[CheckReport, ...]:
    """Clean summaries, messages, keys and paths, and replace every secret in them."""
    hidden = sorted({secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}, key=len, reverse=True)
    return tuple(
        replace(
            check,
            summary=one_line(_blotted(check.summary, hidden), _LONGEST_SUMMARY),
            findings=tuple(_cleaned(finding, hidden) for finding in check.findings),
        )
        for check in checks
    )


def _cleaned(finding: Finding, secrets: Sequence[str]) -> Finding:
    return replace(
        finding,
        key=one_line(_blotted(finding.key, secrets), _LONGEST_SUMMARY),
        message=one_line(_blotted(finding.message, secrets), _LONGEST_SUMMARY),
        path=one_line(finding.path, _LONGEST_SUMMARY),
    )


def _blotted(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, _BLOT)
    return text
