"""`aip undo`: take back what was published for an issue or for all, after asking."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from processor.cli import options, screen
from processor.cli.completion import offer_issues
from processor.cli.parts import as_known, command_parts
from processor.cli.questions import confirm
from processor.cli.state import act
from processor.cli.undo_all import undo_all
from processor.errors import UsageError
from processor.operations import undo as operation
from processor.operations.undo import Step


def undo(
    context: typer.Context,
    target: Annotated[
        str,
        typer.Argument(
            autocompletion=offer_issues,
            metavar="[OWNER/REPO#N]",
            help="The issue, such as octo/hello#42; with --all a repository, or every one when absent.",
        ),
    ] = "",
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Take back what was published for every issue, merged changes excepted.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")] = False,
    yes: options.Yes = False,
    reason: options.Reason = "",
    as_json: options.Json = False,
) -> None:
    """Take back what was published for an issue.

    Closes our open pull request, deletes our branch if nobody else moved it, removes our label, and says so in our
    comment. What is not ours is never touched. Doing it twice does no harm.

    Example: aip undo octo/hello#42 --yes --reason "wrong approach"
    """
    if everything:
        undo_all(context, target, dry_run=dry_run, yes=yes, reason=reason, as_json=as_json)
        return
    if not target:
        raise UsageError("say what to undo: OWNER/REPO#N, or --all for every issue")
    ref = options.issue_ref(target)
    with command_parts(context, must_exist=True) as parts:
        ref = as_known(parts, ref)
        work = parts.context()
        planned = operation.plan(work, ref)
        steps, todo = planned.steps, planned.has_work
        if not (as_json and (yes or dry_run)):
            _print(steps, has_work=todo, tell=screen.note if as_json else screen.say)
        does = todo and not dry_run
        if does and not yes and not confirm("Do it?", instead="--yes does it without asking"):
            screen.note("nothing was changed")
            raise typer.Exit(1)
        if does:
            operation.apply(work, planned, act(context, "undo", str(ref), reason))
    if as_json:
        screen.print_json({"issue": str(ref), "steps": [asdict(step) for step in steps], "done": does})
    elif does:
        screen.say(f"done; `aip queue retry --again {ref}` processes the issue once more")


def _print(steps: tuple[Step, ...], *, has_work: bool, tell: Callable[[str], None]) -> None:
    if not has_work:
        tell("nothing of ours is left to undo")
    for step in steps:
        tell(f"- {step.sentence}")
