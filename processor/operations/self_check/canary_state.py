"""Look whether the canary's sandbox is this installation's alone. Read-only on GitHub; the ledger stays as it is."""

import contextlib
import time
from collections.abc import Iterator

from processor.errors import ProcessorError
from processor.github_client import GitHubClient
from processor.ledger.connection import Ledger, open_ledger
from processor.operations.canary.neighbours import say_who_shares
from processor.operations.self_check.item import Item, failed, ok, split_remedy
from processor.operations.self_check.ledger_state import is_new
from processor.settings.sections import MainFile

_NAME = "canary"


def check_canary(client: GitHubClient, main: MainFile, password: str | None) -> Iterator[Item]:
    """Look who else uses the sandbox; nothing is said without a canary, or without a ledger that tells what is ours."""
    sandbox = main.canary.repository
    if sandbox is None or is_new(main.state, password):
        return
    # What ledger or sandbox refuse is a finding of theirs.
    with contextlib.suppress(ProcessorError), contextlib.closing(_open(main, password)) as ledger:
        shared = say_who_shares(client, ledger, sandbox, time.time())
        if shared is None:
            yield ok(_NAME, f"no other installation uses {sandbox}")
        else:
            yield failed(_NAME, *split_remedy(shared))


def _open(main: MainFile, password: str | None) -> Ledger:
    return open_ledger(main.state, password, migrate=False)
