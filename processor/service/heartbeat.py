"""The duty that says in the ledger that a service lives, what it works with, and what GitHub said of its limits."""

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from processor.engine.executor import Engine
from processor.ledger import service_settings, services
from processor.ledger.connection import Ledger
from processor.ledger.service_settings import NotedSettings
from processor.ledger.services import ServiceRecord, Work
from processor.metrics import Metrics
from processor.operations.settings_in_force import SettingsInForce
from processor.pipeline.context import Context
from processor.settings.load import Loaded
from processor.settings.noted import document_of

BEAT_SECONDS = 3.0


def register(ledger: Ledger, instance: str, state: str, url: str, started_at: float) -> None:
    """Write who this process is, in place of its last life; `url` is where its API answers."""
    record = ServiceRecord(
        instance=instance,
        host=socket.gethostname(),
        pid=os.getpid(),
        url=url,
        state=state,
        started_at=started_at,
        heartbeat_at=time.time(),
    )
    with ledger.write() as db:
        services.announce(db, record)


@dataclass
class Heartbeat:
    """The beats of one service; `service_state` gives the word that others read, such as `running`."""

    context: Context
    metrics: Metrics
    engine: Engine
    in_force: SettingsInForce
    service_state: Callable[[], str]
    _told: Work | None = field(default=None, init=False)
    _noted: Loaded | None = field(default=None, init=False)

    def beat(self) -> None:
        """Say everything now."""
        now, work, base = self.context.clock(), self._work(), self.in_force.standing.base
        with self.context.ledger.write() as db:
            services.beat(db, self.context.instance, self.service_state(), now)
            services.note_work(db, self.context.instance, work)
            if base is not self._noted:
                service_settings.note(db, self._noted_settings(base, now))
            for limit in self.context.github.get_rate_limits():
                services.note_rate_limit(
                    db,
                    limit.resource,
                    limit=limit.limit,
                    remaining=limit.remaining,
                    reset_at=limit.reset_at.timestamp(),
                    now=now,
                )
        self._told, self._noted = work, base
        self.metrics.heartbeat.set(now)

    def beat_if_new(self) -> None:
        """Do not wait for the next beat where the service works with something else since the last one.

        The words alone may wait: they change with every reading of the load.
        """
        told = self._told
        if told is None or replace(self._work(), capacity_reason=told.capacity_reason) != told:
            self.beat()

    def _noted_settings(self, base: Loaded, now: float) -> NotedSettings:
        folder = str(self.in_force.files.directory.resolve())
        return NotedSettings(
            instance=self.context.instance, host=socket.gethostname(), folder=folder, noted_at=now,
            document=document_of(base),
        )  # fmt: skip

    def _work(self) -> Work:
        capacity, standing = self.engine.capacity, self.in_force.standing
        return Work(
            capacity_level=capacity.level,
            capacity_reason=capacity.reason,
            max_parallel=capacity.parallel,
            poll_interval_seconds=capacity.poll_interval_seconds,
            settings_change=standing.seen_change,
            settings_left_out=",".join(sorted(one.key for one in standing.left_out)),
        )
