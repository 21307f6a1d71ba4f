"""Work on a run while it is ours, and record nothing for it once another service has taken it over."""

import threading
from collections.abc import Callable
from typing import NoReturn, TypeVar

from processor import logs
from processor.ledger.run_ledger import RunTakenOver
from processor.pipeline.context import Context

_R = TypeVar("_R")
_LOG = logs.get_logger("pipeline")


def wait_for_the_end() -> NoReturn:
    """Wait until the process exits under us: the fence has this service leave, and the engine is told nothing."""
    while True:
        threading.Event().wait()


def while_ours(
    context: Context, run_id: str, work: Callable[[Context], _R], park: Callable[[], NoReturn] = wait_for_the_end
) -> _R:
    """Do some work of a run; where it turns out to be with another service, park."""
    try:
        return work(context.for_run(run_id))
    except RunTakenOver as exc:
        _LOG.error(logs.RUN_TAKEN_OVER, run_id=run_id, message=str(exc))
        park()
