"""`aip queue show`: everything about one run."""

import time

import typer

from processor.api.run_view import RunDetails, details_json, read_details
from processor.cli import options, screen, words
from processor.cli.outcome_word import outcome_word
from processor.cli.queue.gate_table import print_gate
from processor.cli.state import command_ledger
from processor.ledger.connection import Ledger
from processor.ledger.queries import PullRequestRecord
from processor.ledger.records import RunRecord
from processor.model import Usage
from processor.operations.find_run import find_run


def show(context: typer.Context, run: options.RunArgument, *, as_json: options.Json = False) -> None:
    """Show one run: phases, attempts, gate, usage, pull request.

    Example: aip queue show octo/hello#42
    """
    with command_ledger(context) as (_settings, ledger):
        found = _read(ledger, run)
    if as_json:
        screen.print_json(details_json(found))
        return
    _print_run(found.run, is_dead_letter=found.is_dead_letter)
    _print_phases(found)
    if found.gate is not None:
        print_gate(found.gate)
    _print_usage(found.usage)
    if found.pull_request is not None:
        _print_pull_request(found.pull_request)


def _read(ledger: Ledger, text: str) -> RunDetails:
    with ledger.read() as db:
        return read_details(db, find_run(db, text))


def _print_run(run: RunRecord, *, is_dead_letter: bool) -> None:
    ended = run.finished_at or time.time()
    screen.print_fields(
        {
            "run": run.run_id,
            "issue": str(run.ref),
            "title": run.title,
            "priority": str(run.priority),
            "state": screen.state_cell(outcome_word(run)),
            "cancelled by": run.cancel_requested_by,
            "error": ": ".join(filter(None, (run.error_type, run.error_message))) or None,
            "dead letter": f"yes; `aip queue retry {run.ref}` tries again" if is_dead_letter else None,
            "dry run": "yes" if run.is_dry_run else None,
            "canary": "yes; in no number of real work" if run.is_canary else None,
            "forced": "yes" if run.is_forced else None,
            "requested by": run.requested_by,
            "queued": words.moment(run.queued_at),
            "started": words.moment(run.started_at),
            "ended": words.moment(run.finished_at),
            "duration": words.duration(ended - run.started_at) if run.started_at is not None else None,
            "agent": run.agent,
            "base commit": f"{run.base_commit} ({run.base_branch})" if run.base_commit else None,
            "branch": run.branch,
            "follows": f"#{run.previous_pull_request}" if run.previous_pull_request else None,
        }
    )


def _print_phases(found: RunDetails) -> None:
    if not found.attempts:
        return
    screen.say()
    rows: list[tuple[str, ...]] = []
    for attempt in found.attempts:
        number = str(attempt.number)
        for phase in (phase for phase in found.phases if phase.attempt == attempt.number):
            seconds = (phase.ended_at or time.time()) - phase.started_at
            result = phase.result or "under way"
            rows.append((number, phase.phase, words.moment(phase.started_at), words.duration(seconds), result))
        if attempt.error_type is not None:
            rows.append((number, "failed", words.moment(attempt.ended_at), "", attempt.error_message or ""))
    screen.print_table(("ATTEMPT", "PHASE", "STARTED", "TOOK", "RESULT"), rows, cuts_last=False)


def _print_usage(spent: tuple[Usage, ...]) -> None:
    if not spent:
        return
    screen.say()
    screen.print_table(
        ("ATTEMPT", "INPUT", "CACHED", "OUTPUT", "COST"),
        [
            (
                str(number),
                words.known(usage.input_tokens),
                words.known(usage.cache_read_tokens),
                words.known(usage.output_tokens),
                "unknown" if usage.cost_dollars is None else f"${usage.cost_dollars:.4f}",
            )
            for number, usage in enumerate(spent, start=1)
        ],
    )


def _print_pull_request(pull: PullRequestRecord) -> None:
    screen.say()
    screen.print_fields(
        {
            "pull request": pull.url,
            "state": pull.state,
            "review": pull.review_state,
            "checks": pull.ci_state,
            "opened": words.moment(pull.created_at),
            "merged": words.moment(pull.merged_at) if pull.merged_at is not None else None,
        }
    )
