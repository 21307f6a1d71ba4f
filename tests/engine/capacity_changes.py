"""An engine whose capacity a test changes while it works.

Each line of standard input is a number of places, and comes back on standard output once it holds.
"""

import sys
from dataclasses import replace
from pathlib import Path

from processor.engine.executor import Engine
from processor.intake.capacity import any_priority
from processor.intake.poller import Poller
from processor.intake.polling import poll
from processor.service.assembly import assemble, engine_database, make_liveness
from processor.settings.load import load_settings


def main() -> None:
    settings = load_settings(Path(sys.argv[1]), {})
    parts = assemble(settings, {})
    context = parts.context()
    capacity = any_priority(settings.main)
    engine = Engine(context, engine_database(settings, {}), make_liveness(settings, {}), replace(capacity, parallel=1))
    engine.take_place()
    engine.start()
    poll(Poller(settings, parts.ledger, parts.github, context.clock), settings.main.repositories[0].name)
    for line in sys.stdin:
        engine.set_capacity(replace(capacity, parallel=int(line)))
        sys.stdout.write(line)  # done
        sys.stdout.flush()


if __name__ == "__main__":
    main()
