"""`aip undo`: take back what was published for an issue, after asking."""

from collections.abc import Callable
from dataclasses import asdict

import typer

from processor.cli import options, screen
from processor.cli.parts import as_known, command_parts
from processor.cli.questions import confirm
from processor.cli.state import act
from processor.operations import undo as operation
from processor.operations.undo import Step, StepKind


def undo(
    context: typer.Context,
    issue: options.IssueArgument,
    *,
    yes: options.Yes = False,
    reason: options.Reason = "",
    as_json: options.Json = False,
) -> None:
    """Take back what was published for an issue.

    Closes our open pull request, deletes our branch if nobody else moved it, removes our label, and says so in our
    comment. What is not ours is never touched. Doing it twice does no harm.

    Example: aip undo octo/hello#42 --yes --reason "wrong approach"
    """
    ref = options.issue_ref(issue)
    with command_parts(context, must_exist=True) as parts:
        ref = as_known(parts, ref)
        work = parts.context()
        steps = operation.plan(work, ref)
        todo = [step for step in steps if step.kind is not StepKind.LEAVE]
        if not (as_json and yes):
            _print(steps, has_work=bool(todo), tell=screen.note if as_json else screen.say)
        if todo and not yes and not confirm("Do it?", instead="--yes does it without asking"):
            screen.note("nothing was changed")
            raise typer.Exit(1)
        if todo:
            operation.apply(work, ref, steps, act("undo", str(ref), reason))
    if as_json:
        screen.print_json({"issue": str(ref), "steps": [asdict(step) for step in steps], "done": bool(todo)})
    elif todo:
        screen.say(f"done; `aip queue retry --again {ref}` processes the issue once more")


def _print(steps: tuple[Step, ...], *, has_work: bool, tell: Callable[[str], None]) -> None:
    if not has_work:
        tell("nothing of ours is left to undo")
    for step in steps:
        tell(f"- {step.sentence}")
