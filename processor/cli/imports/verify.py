"""Ask GitHub about every success that the original system claimed, with progress on stderr."""

import time
from collections import Counter

import typer

from processor.cli import screen
from processor.cli.imports.legacy_text import Verified
from processor.cli.parts import command_parts
from processor.cli.state import act
from processor.operations.legacy import claims, take_over

_SAY_EVERY = 50


def verify_claims(context: typer.Context) -> Verified:
    """Ask about each, keep what GitHub shows, and count it."""
    found: Counter[str] = Counter()
    corrected = 0
    with command_parts(context) as parts:
        runs = claims.to_verify(take_over.runs_taken_over(parts.ledger))
        for run, verdict in claims.verdicts(parts.github, runs):
            word = act(
                context, "import.corrected", f"{run.repository}#{run.issue}", f"its success is {verdict} on GitHub"
            )
            corrected += take_over.note_verdict(parts.ledger, run, verdict, word, time.time())
            found[verdict] += 1
            if found.total() % _SAY_EVERY == 0:
                screen.note(f"asked GitHub about {found.total()} of {len(runs)} claims")
    return Verified(dict(found), corrected)
