"""Hold what two sides did against each other: a comparison of times is worth nothing when they did different things."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

#: What the service asks by the clock too, so that its place among the others is chance. Both sides ask for the
#: repository once for every pull request; that the service asks more often is no advantage of it.
_BY_THE_CLOCK = {
    "list_issues",
    "get_repository",
    # For the checklists, soon after the start and then once an hour.
    "list_dependabot_alerts",
    "list_code_scanning_alerts",
    "list_secret_scanning_alerts",
}


def calls(requests: Iterable[dict[str, Any]], first_issue: int) -> list[str]:
    """List what was asked from the first request for an issue on, in order: method and kind of endpoint."""
    asked = [entry for entry in requests if entry["endpoint"] not in _BY_THE_CLOCK]
    start = next((at for at, entry in enumerate(asked) if entry["path"].endswith(f"/issues/{first_issue}")), len(asked))
    return [f"{entry['method']} {entry['endpoint']}" for entry in asked[start:]]


def require_same(what: str, ours: Sequence[str], plain: Sequence[str]) -> None:
    """Refuse to compare sides that did not do the same in the same order.

    Raises:
        RuntimeError: they differ; the message names the first difference.
    """
    for at, (one, other) in enumerate(zip_longest(ours, plain, fillvalue="none"), start=1):
        if one != other:
            raise RuntimeError(
                f"the two sides do not do the same: {what} {at} of the pipeline is {one}, of the plain script {other}; "
                "bring benchmarks/plain_script.py in line with the pipeline"
            )


def record_git(folder: Path, git: str) -> None:
    """Put a `git` into the folder that notes the name of each command before it runs the real one."""
    program = folder / "git"
    script = (
        "#!/bin/sh\n"
        'for word in "$@"; do\n'
        '  case "$word" in -*|*=*) ;; *) echo "$word" >> "$(dirname "$0")/commands"; break ;; esac\n'
        "done\n"
        f'exec {git} "$@"\n'
    )
    program.write_text(script)
    program.chmod(0o755)
