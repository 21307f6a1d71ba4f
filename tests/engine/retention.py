"""An engine database with one ended job, one that is kept and one that waits; print what is left after forgetting."""

import os
import sys
import time

from dbos import DBOS

from processor.engine import durable
from processor.engine.durable import EngineDatabase


def main() -> None:
    durable.configure(EngineDatabase(sys.argv[1]), "host-a")

    @DBOS.workflow(name="process_issue")
    def process_issue(run_id: str) -> None:
        if run_id == "fails":
            raise ValueError(run_id)

    durable.launch("host-a", concurrency=1, poll_seconds=0.05)
    for run_id in ("ended", "fails", "kept"):
        durable.enqueue(process_issue, run_id, "host-a")
    durable.enqueue(process_issue, "waits", "nobody")
    deadline = time.monotonic() + 30
    while sum(job.is_terminal for job in durable.jobs(["ended", "fails", "kept"]).values()) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    names = ["ended", "fails", "kept", "waits"]
    counts = [durable.forget_ended(time.time() - 3600, set()), durable.forget_ended(time.time() + 1, {"kept"})]
    sys.stdout.write(f"{counts} {sorted(durable.jobs(names))} {sorted(durable.unfinished_jobs())}\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
