"""`aip canary adopt`: take what an installation that is gone left in the sandbox for ours."""

import re
import time
from typing import Annotated

import typer

from processor.cli import options, screen
from processor.cli.canary.shown import refuse_without_sandbox
from processor.cli.state import act, command_ledger
from processor.errors import UsageError
from processor.ledger import installations, operators


def adopt(
    context: typer.Context,
    installation: Annotated[
        str, typer.Argument(metavar="INSTALLATION", help="Its id, as the reason of the round has it.")
    ],
    *,
    reason: options.Reason = "",
    as_json: options.Json = False,
) -> None:
    """Take over what an installation that is gone left in the sandbox.

    For a ledger that was lost or made anew: rounds are made again, and one closes what the earlier ledger left, once
    that is older than a round may take. An installation that lives is noticed as before.

    Example: aip canary adopt 3f9c02d1 --reason "the old ledger is lost"
    """
    _refuse_malformed(installation)
    now = time.time()
    with command_ledger(context) as (settings, ledger):
        refuse_without_sandbox(settings)
        with ledger.write() as db:
            if installation == installations.ensure_id(db):
                raise UsageError(
                    f"{installation} is this installation; adopt the one that the reason of the round names"
                )
            is_new = installations.adopt(db, installation, now)
            if is_new:
                operators.record(db, act(context, "canary.adopt", installation, reason), now)
    if as_json:
        screen.print_json({"installation": installation, "was_adopted_before": not is_new})
    elif is_new:
        limit = settings.main.canary.time_limit_seconds
        screen.say(
            f"{installation} is adopted: rounds are made again, and close what it left that is older than {limit:g} s"
        )
    else:
        screen.say(f"{installation} was adopted before")


def _refuse_malformed(installation: str) -> None:
    if re.fullmatch(r"[0-9a-f]{8}", installation) is None:
        raise UsageError(
            f"{installation!r} is no id of an installation, such as 3f9c02d1; take it from the reason that `aip canary "
            "status` shows"
        )
