"""`aip undo --all`: show what would be taken back of every issue, ask once, and do it issue by issue."""

from collections.abc import Callable
from dataclasses import asdict

import typer

from processor.cli import screen, words
from processor.cli.parts import command_parts
from processor.cli.questions import confirm
from processor.cli.state import act
from processor.errors import ProcessorError, UsageError
from processor.ledger import operators
from processor.model import IssueRef
from processor.operations import undo
from processor.operations.spelling import known_name
from processor.operations.undo import IssuePlan
from processor.operations.undo_all import WholePlan, plan_all
from processor.service.assembly import Parts

Refused = list[tuple[IssueRef, ProcessorError]]


def undo_all(context: typer.Context, repository: str, *, dry_run: bool, yes: bool, reason: str, as_json: bool) -> None:
    """Take back what was published for every issue of a repository, or of all; what fails for one hinders no other.

    Raises:
        ProcessorError: issues that could not be undone, each with its reason; the others are done.
    """
    if "#" in repository:
        raise UsageError("--all takes every issue; leave the issue out, or name a repository such as octo/hello")
    with command_parts(context, must_exist=True) as parts:
        name = known_name(repository, parts.settings, parts.ledger) if repository else None
        plan = plan_all(parts.context(), name)
        tell = screen.note if as_json else screen.say
        if not (as_json and (yes or dry_run)):
            _print(plan, tell)
        does = bool(plan.issues) and not dry_run
        if does:
            _doubt_a_queue_that_works(parts)
        if does and not yes and not confirm(_question(plan), instead="--yes does it without asking"):
            screen.note("nothing was changed")
            raise typer.Exit(1)
        done, failed = _apply(context, parts, plan, reason) if does else ([], [])
    refused: Refused = [*plan.refused, *failed]
    _answer(plan, done, refused, as_json=as_json)
    if refused:
        raise ProcessorError("; ".join(f"{ref}: {error}" for ref, error in refused))


def _question(plan: WholePlan) -> str:
    return f"Take back what was published for {words.count(len(plan.issues), 'issue')}?"


def _print(plan: WholePlan, tell: Callable[[str], None]) -> None:
    for one in plan.issues:
        tell(str(one.ref))
        for step in one.steps:
            tell(f"- {step.sentence}")
    if plan.clean:
        tell(f"{words.count(plan.clean, 'other issue')}: nothing of ours is left to undo")
    if not plan.issues and not plan.clean:
        tell("nothing of ours is left to undo")


def _doubt_a_queue_that_works(parts: Parts) -> None:
    with parts.ledger.read() as db:
        is_paused = operators.get_control(db, operators.PAUSED) is not None
    if not is_paused:
        screen.note("the queue is not paused, so more may be published meanwhile; `aip drain` first")


def _apply(context: typer.Context, parts: Parts, plan: WholePlan, reason: str) -> tuple[list[IssuePlan], Refused]:
    done: list[IssuePlan] = []
    failed: Refused = []
    for one in plan.issues:
        try:
            undo.apply(parts.context(), one, act(context, "undo", str(one.ref), reason))
            done.append(one)
        except ProcessorError as exc:
            failed.append((one.ref, exc))
    return done, failed


def _answer(plan: WholePlan, done: list[IssuePlan], refused: Refused, *, as_json: bool) -> None:
    if as_json:
        issues = [
            {"issue": str(one.ref), "steps": [asdict(step) for step in one.steps], "done": one in done}
            for one in plan.issues
        ]
        reasons = [{"issue": str(ref), "reason": str(error)} for ref, error in refused]
        screen.print_json({"issues": issues, "refused": reasons})
    elif done:
        screen.say(f"done for {words.count(len(done), 'issue')}")
