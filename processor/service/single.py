"""Process one run in this process, for a host on which no service runs."""

import threading
from collections.abc import Callable, Mapping

from processor.engine.executor import Engine
from processor.errors import ProcessorError
from processor.intake.capacity import any_priority
from processor.ledger import runs
from processor.ledger.records import RunRecord
from processor.model import RunState
from processor.operations.catching_up import catch_up, is_behind
from processor.service.assembly import Parts, engine_database, make_liveness

_LOOK_SECONDS = 0.2
#: GitHub wants a second between writes; what it cannot be told in this time, the next start tells it.
_TELL_SECONDS = 60.0


def process_one(
    parts: Parts, run_id: str, environ: Mapping[str, str], on_look: Callable[[RunRecord], None]
) -> RunRecord:
    """Execute one queued run to its outcome; what an earlier life of this host left goes on beside it.

    Interrupted, it ends its programs and leaves the run to the next start.

    Raises:
        NameTaken: a service of this name runs; queue the run and follow it instead.
        GitHubError, NetworkError: the ledger was restored, and GitHub cannot be asked what it missed.
    """
    leaving = threading.Event()
    context = parts.context(stopping=leaving.is_set)
    engine = Engine(
        context,
        engine_database(parts.settings, environ),
        make_liveness(parts.settings, environ),
        any_priority(parts.settings.main),
        only=run_id,
    )
    engine.take_place()
    try:
        if is_behind(context):
            catch_up(context)
    except ProcessorError:
        engine.leave_place()
        raise
    engine.start()
    try:
        ended = follow(parts, run_id, on_look)
        engine.wait_until_done(run_id, _TELL_SECONDS)
        return ended
    finally:
        engine.stop_releasing()
        leaving.set()
        engine.end_programs()
        engine.shut_down()


def follow(
    parts: Parts, run_id: str, on_look: Callable[[RunRecord], None], goes_on: Callable[[], bool] = lambda: True
) -> RunRecord:
    """Look at a run until it has its outcome, or until nobody goes on with it, and give it as it is then."""
    pause = threading.Event()
    while True:
        with parts.ledger.read() as db:
            run = runs.get(db, run_id)
        on_look(run)
        if run.state is RunState.FINISHED or not goes_on():
            return run
        pause.wait(_LOOK_SECONDS)
