"""What commands start from that need GitHub beside the ledger."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import typer

from processor.cli.invocation import invocation
from processor.cli.state import command_loaded, refuse_absent
from processor.intake.poller import Poller
from processor.model import IssueRef
from processor.operations.effective import effective
from processor.operations.spelling import name_as_known
from processor.service.assembly import Parts, assemble


@contextmanager
def command_parts(context: typer.Context, *, must_exist: bool = False) -> Iterator[Parts]:
    """Open the ledger and prepare GitHub."""
    call = invocation(context)
    loaded = command_loaded(context)
    if must_exist:
        refuse_absent(loaded.settings)
    parts = assemble(loaded.settings, call.environ)
    try:
        yield replace(parts, settings=effective(loaded, parts.ledger, time.time()).settings)
    finally:
        parts.close()


def poller_of(parts: Parts) -> Poller:
    """Give what intake works with."""
    return Poller(settings=parts.settings, ledger=parts.ledger, github=parts.github, clock=time.time)


def as_known(parts: Parts, ref: IssueRef) -> IssueRef:
    """Give the issue the spelling under which it is recorded."""
    return IssueRef(name_as_known(ref.repository, parts.settings, parts.ledger), ref.number)
