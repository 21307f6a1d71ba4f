"""Blot secrets that the change adds out of what other checks say, since programs quote the code they complain of."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from processor.model import CheckReport, Finding

_SHORTEST = 6  # shorter ones are words of the language, and blotting them would make every message unreadable
_BLOT = "[secret]"


def blot_out(checks: Sequence[CheckReport], secrets: Iterable[str]) -> tuple[CheckReport, ...]:
    """Replace every secret in summaries, messages and keys."""
    hidden = sorted((secret for secret in secrets if len(secret) >= _SHORTEST), key=len, reverse=True)
    if not hidden:
        return tuple(checks)
    return tuple(
        replace(
            check,
            summary=_blotted(check.summary, hidden),
            findings=tuple(_without(finding, hidden) for finding in check.findings),
        )
        for check in checks
    )


def _without(finding: Finding, secrets: Iterable[str]) -> Finding:
    return replace(finding, key=_blotted(finding.key, secrets), message=_blotted(finding.message, secrets))


def _blotted(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, _BLOT)
    return text
