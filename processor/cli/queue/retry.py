"""`aip queue retry`: an operator's word that issues may be processed once more."""

import re
import time
from collections.abc import Sequence
from typing import Annotated

import typer

from processor.cli import options, screen, words
from processor.cli.completion import offer_issues
from processor.cli.parts import as_known, command_parts, poller_of
from processor.cli.state import act, command_ledger
from processor.errors import ProcessorError, UsageError
from processor.ledger import queries
from processor.model import IssueRef
from processor.operations.requeue import Retried, let_go
from processor.operations.requeue import retry as retry_issue
from processor.operations.spelling import known_name
from processor.service.assembly import Parts

_REPOSITORY = re.compile(r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")


def retry(
    context: typer.Context,
    target: Annotated[
        str,
        typer.Argument(
            metavar="[OWNER/REPO#N]",
            help="The issue; with --waiting a repository, or all when absent.",
            autocompletion=offer_issues,
        ),
    ] = "",
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Another go although our pull request was closed, or merged and reopened.")
    ] = False,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Let go the issues that a first start holds back.")
    ] = False,
    all_dead: Annotated[bool, typer.Option("--dead-letters", help="Retry every issue that was given up.")] = False,
    reason: options.Reason = "",
    as_json: options.Json = False,
) -> None:
    """Let issues be processed once more.

    A retry is a new run. It is refused, with the reason, when another rule than an earlier failure speaks against it.

    Example: aip queue retry octo/hello#42 --again --reason "the base branch is mended"
    """
    _refuse_contradictions(target, again=again, waiting=waiting, all_dead=all_dead)
    if waiting:
        _let_go(context, target or None, reason, as_json=as_json)
        return
    with command_parts(context) as parts:
        refs = _dead(parts) if all_dead else [as_known(parts, options.issue_ref(target))]
        done, refused = _retry_all(context, parts, refs, reason, again=again)
    if as_json:
        screen.print_json(
            {
                "queued": [{"issue": str(one.ref), "run_id": one.run_id} for one in done],
                "refused": [{"issue": str(ref), "reason": str(error)} for ref, error in refused],
            }
        )
    else:
        for one in done:
            screen.say(f"{one.ref} is queued as run {one.run_id}; see `aip queue show {one.run_id}`")
        if not refs:
            screen.say("there is no dead letter")
    if refused:
        raise ProcessorError("; ".join(str(error) for _, error in refused))


def _refuse_contradictions(target: str, *, again: bool, waiting: bool, all_dead: bool) -> None:
    if waiting + all_dead + bool(target) == 0:
        raise UsageError("say what to retry: OWNER/REPO#N, --waiting or --dead-letters")
    if waiting and all_dead:
        raise UsageError("--waiting and --dead-letters are two different things; choose one")
    if all_dead and target:
        raise UsageError("--dead-letters takes every issue that was given up; leave the issue out")
    if waiting and again:
        raise UsageError("--again is for one issue whose pull request was closed; leave it out with --waiting")
    if waiting and target and not _REPOSITORY.match(target):
        raise UsageError(f"{target!r} is not a repository; write OWNER/REPO, such as octo/hello")


def _let_go(context: typer.Context, repository: str | None, reason: str, *, as_json: bool) -> None:
    with command_ledger(context) as (settings, ledger):
        repository = known_name(repository, settings, ledger) if repository else None
        word = act(context, "queue.let_go", repository or "all repositories", reason)
        freed = let_go(ledger, word, repository, time.time())
    if as_json:
        screen.print_json({"let_go": freed})
    else:
        screen.say(f"{words.count(freed, 'issue')} let go; the next poll queues what is eligible")


def _dead(parts: Parts) -> list[IssueRef]:
    with parts.ledger.read() as db:
        return [run.ref for run in queries.dead_letters(db)]


def _retry_all(
    context: typer.Context, parts: Parts, refs: Sequence[IssueRef], reason: str, *, again: bool
) -> tuple[list[Retried], list[tuple[IssueRef, ProcessorError]]]:
    done: list[Retried] = []
    refused: list[tuple[IssueRef, ProcessorError]] = []
    for ref in refs:
        word = act(context, "queue.retry_again" if again else "queue.retry", str(ref), reason)
        try:
            done.append(retry_issue(poller_of(parts), ref, word, again=again))
        except ProcessorError as exc:
            refused.append((ref, exc))
    return done, refused
