"""The way out of a service: let active phases end, then end our programs, and leave nothing behind."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from processor import logs
from processor.api.server import ApiServer
from processor.engine.executor import Engine
from processor.errors import DatabaseAway
from processor.ledger import services
from processor.pipeline.context import Context
from processor.service.duties import Duties
from processor.service.journal import Journal
from processor.service.stop_signals import StopSignals

_LOG = logs.get_logger("service")


@dataclass(frozen=True)
class WayOut:
    """What is ended, and who is told; `tell` says a sentence to whoever watches."""

    context: Context
    engine: Engine
    duties: Duties
    api: ApiServer
    journal: Journal
    signals: StopSignals
    tell: Callable[[str], None]

    def drain(self) -> None:
        """Let active phases end within the limit; a run that only waits for its next try need not be waited for."""
        limit = self.context.settings.main.engine.drain_seconds
        active = self._count_active()
        self.journal.draining(active)
        _LOG.info(logs.SERVICE_DRAINING, active=active, limit_seconds=limit)
        self.tell(f"draining: {active} active, at most {limit:g} s; once more Ctrl-C stops at once")
        self.engine.stop_releasing()
        deadline = time.monotonic() + limit
        at_once = self.signals.leave_at_once
        while time.monotonic() < deadline and not at_once.is_set() and self.engine.is_busy():
            at_once.wait(0.1)

    def leave(self, why: str) -> None:
        """End our programs and go; active runs stay as they are and resume at the next start."""
        self.signals.leave_at_once.set()
        self.duties.stop()
        self.engine.end_programs()
        left = self._count_active()
        with contextlib.suppress(DatabaseAway), self.context.ledger.write() as db:
            services.beat(db, self.context.instance, services.STOPPED, time.time())
        self.api.stop()
        _LOG.info(logs.SERVICE_STOPPED, instance=self.context.instance, resumes_later=left)
        self.tell(f"stopped; {left} active go on at the next `aip run`" if left else "stopped; nothing was active")
        self.journal.stopped(why)
        self.engine.shut_down()

    def _count_active(self) -> int:
        """Count for the log; the way out needs no database."""
        with contextlib.suppress(DatabaseAway):
            return len(self.engine.active())
        return 0
