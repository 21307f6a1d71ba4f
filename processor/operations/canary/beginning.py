"""Begin a round: when the clock says so, unless an operator has the processor rest."""

from sqlalchemy import Connection

from processor import logs
from processor.ledger import canary, operators, queries
from processor.ledger.canary import BY_THE_CLOCK, NewRound
from processor.model import CanaryResult
from processor.pipeline.context import Context
from processor.settings.sections import MainFile

#: Longer than any step takes; a service that died lets go of a round by then, and at once when it is back.
HELD_SECONDS = 300.0
_LOG = logs.get_logger("canary")


def begin_if_due(context: Context) -> None:
    """Begin the round that is due, if any; while the processor rests it is held at once and writes nothing."""
    main, now = context.settings.main, context.clock()
    with context.ledger.read() as db:
        if not is_due(db, main, now):
            return
        new = new_round(db, main, BY_THE_CLOCK)
    with context.ledger.write() as db:
        round_id = canary.begin_if_due(db, new, main.canary.interval_seconds, now)
        rests = resting(db, main)
        if round_id is not None:
            # At once: to a service that has another sandbox, or none, the round would be one that was left behind.
            canary.hold(db, round_id, context.instance, now, HELD_SECONDS)
        if round_id is not None and rests is not None:
            canary.end(db, round_id, CanaryResult.HELD, rests, now)
            canary.end_clean(db, round_id, now)
    if round_id is not None:
        _LOG.info(logs.CANARY_BEGUN, round_id=round_id, repository=new.repository, held=rests)


def is_due(db: Connection, main: MainFile, now: float) -> bool:
    """Tell whether the clock wants a round."""
    wanted = main.canary
    return (
        wanted.repository is not None
        and wanted.enabled
        and canary.is_due(db, wanted.repository, wanted.interval_seconds, now)
    )


def new_round(db: Connection, main: MainFile, requested_by: str) -> NewRound:
    """Give what a round of these settings begins with; the sandbox is set, and spelled as intake spells it."""
    return NewRound(
        repository=queries.recorded_name(db, main.canary.repository or ""),
        requested_by=requested_by,
        time_limit_seconds=main.canary.time_limit_seconds,
    )


def resting(db: Connection, main: MainFile) -> str | None:
    """Say why nothing is started, or nothing published, by an operator's word; None when the processor works."""
    if main.dry_run:
        return "the processor is in dry run, and writes nothing on GitHub"
    pause = operators.get_control(db, operators.PAUSED)
    if pause is None:
        return None
    return f"the processor is paused by {pause.set_by}" + (f": {pause.reason}" if pause.reason else "")
