"""Give back the jobs of a dead executor: a process of its own that starts under its name and listens to no queue.

Launching as the dead executor re-queues its jobs through DBOS's public door; any living service then takes them.
Run as `python -m processor.engine.adopt EXECUTOR`; the database address comes on standard input, for it may hold a password.
"""

import os
import sys
import time

from dbos import DBOS

from processor.engine import durable
from processor.engine.durable import EngineDatabase

_LIMIT_SECONDS = 60.0


def main() -> None:
    """Adopt and leave."""
    executor = sys.argv[1]
    durable.configure(EngineDatabase(sys.stdin.readline().strip()), executor)
    DBOS.workflow(name="process_issue")(_never_run)
    DBOS.listen_queues([])
    DBOS.launch()
    deadline = time.monotonic() + _LIMIT_SECONDS
    while DBOS.list_workflows(status="PENDING", executor_id=[executor], load_input=False):
        if time.monotonic() > deadline:
            os._exit(1)
        time.sleep(0.1)
    os._exit(0)


def _never_run(run_id: str) -> None:
    raise RuntimeError(f"run {run_id} must not be executed by the adopting process")


if __name__ == "__main__":
    main()
