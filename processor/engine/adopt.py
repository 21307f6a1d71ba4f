"""Take over what a dead service left, while its lock is held: its runs in the ledger, its jobs in the engine.

The ledger decides who holds a run; the engine's job follows. Each half may be repeated, so a heir that dies in between
leaves nothing lost: whoever comes next claims what the ledger says is its own.
"""

from collections.abc import Iterable

from processor import logs
from processor.engine import durable
from processor.engine.workflow import VERSION, Workflow
from processor.ledger import queries, runs
from processor.ledger.records import RunRecord
from processor.pipeline.context import Context
from processor.processes import end_leftovers

_LOG = logs.get_logger("engine")


def holder(run: RunRecord) -> str | None:
    """Tell which service executes an active run, or will."""
    return run.executed_by or run.released_by


def find_others(context: Context) -> set[str]:
    """Name the services that hold anything and are not this one, alive or dead."""
    with context.ledger.read() as db:
        holders = {holder(run) for run in queries.active_runs(db)}
    holders |= {job.holder for job in durable.unfinished_jobs().values()}
    return {name for name in holders if name is not None} - {context.instance}


def adopt(context: Context, workflow: Workflow, dead: str) -> None:
    """Make everything of a dead service ours; its lock must be held by us."""
    _LOG.warning(logs.SERVICE_ADOPTED, instance=dead)
    with context.ledger.write() as db:
        taken = runs.take_over(db, dead, context.instance)
    for run_id in taken:
        end_leftovers(run_id)  # on the same host its programs may live on, in the worktree that we are about to use
    claim(context, workflow, taken)
    # A run that has its outcome may still have to be announced and cleaned up.
    for job in durable.unfinished_jobs().values():
        if job.holder == dead:
            durable.move(job.run_id, context.instance)


def claim(context: Context, workflow: Workflow, run_ids: Iterable[str]) -> None:
    """See to it that the engine holds each of these runs of ours: a crash may have come between ledger and engine."""
    wanted = tuple(run_ids)
    known = durable.jobs(wanted)
    for run_id in wanted:
        job = known.get(run_id)
        if job is not None and job.is_terminal:
            continue
        if job is not None and job.version != VERSION:
            # Steps of another version cannot be resumed and would wait for ever; every phase may be done again.
            durable.forget([run_id])
            job = None
        if job is None:
            durable.enqueue(workflow, run_id, context.instance)
        elif job.holder != context.instance:
            durable.move(run_id, context.instance)
