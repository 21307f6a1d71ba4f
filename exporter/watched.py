"""Call the collectors of one source in a thread of their own, and keep the last values of each."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Protocol

from prometheus_client.core import Metric

from exporter.catalogue import Collector
from processor import logs
from processor.errors import LedgerError

LATE = "it is not done within the limit of a scrape"
_LOG = logs.get_logger("exporter")


@dataclass(frozen=True)
class Standing:
    """How a collector does; `is_fresh` when its values are current, `last_success_at` in seconds of the epoch."""

    name: str
    is_fresh: bool = False
    duration_seconds: float = 0.0
    last_success_at: float | None = None
    problem: str | None = None


@dataclass(frozen=True)
class _Outcome:
    """How one call of one collector ended."""

    metrics: tuple[Metric, ...]
    error: Exception | None
    duration: float


@dataclass
class Call:
    """One round through the collectors of a source."""

    started: float
    done: threading.Event = field(default_factory=threading.Event)
    outcomes: dict[str, _Outcome] = field(default_factory=dict)


class Shared(Protocol):
    """What all collectors of a source read together: no round begins while it is fresh."""

    def is_fresh(self) -> bool: ...

    def round(self) -> AbstractContextManager[None]: ...


class WatchedSource:
    """Collectors that share a source, so that one waits for it only as the others do.

    Scrapers that come while a round is under way wait for the same one: a source is never asked twice at once.
    """

    def __init__(
        self, collectors: Sequence[Collector], clock: Callable[[], float], shared: Shared | None = None
    ) -> None:
        """Start its thread; without anything `shared` each scrape has a round of its own."""
        self._collectors = tuple(collectors)
        self._clock = clock
        self._shared = shared
        self._lock = threading.Lock()
        self._call: Call | None = None
        self._rounds: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._last: dict[str, tuple[Metric, ...]] = {}
        self._complained: set[str] = set()
        self._standings = {collector.name: Standing(collector.name) for collector in collectors}
        # One that stays: to start a thread takes longer than most rounds do.
        threading.Thread(target=self._work, name="collectors", daemon=True).start()

    def begin(self) -> Call:
        """Start a round, or join the one that is under way, or was over when what is shared is fresh still."""
        with self._lock:
            if self._call is None or (self._call.done.is_set() and not self._is_fresh()):
                self._call = Call(time.monotonic())
                self._rounds.put(self._call)
            return self._call

    def results(self, call: Call, deadline: float) -> dict[str, tuple[tuple[Metric, ...], Standing]]:
        """Give the values of each collector as of this round, else its last ones, at the deadline at the latest."""
        call.done.wait(max(0.0, deadline - time.monotonic()))
        with self._lock:
            return {collector.name: self._result(collector.name, call) for collector in self._collectors}

    def standings(self) -> dict[str, Standing]:
        """Tell how each collector did when it was asked last."""
        with self._lock:
            return dict(self._standings)

    def close(self) -> None:
        """Let the thread end, once the round that is under way is over."""
        self._rounds.put(None)

    def _is_fresh(self) -> bool:
        return self._shared is not None and self._shared.is_fresh()

    def _work(self) -> None:
        while (call := self._rounds.get()) is not None:
            with nullcontext() if self._shared is None else self._shared.round():
                self._run(call)
            call.done.set()

    def _run(self, call: Call) -> None:
        for collector in self._collectors:
            outcome = _collect(collector)
            with self._lock:
                call.outcomes[collector.name] = outcome
                if outcome.error is None:
                    self._last[collector.name] = outcome.metrics
                    standing = self._standings[collector.name]
                    self._standings[collector.name] = replace(standing, last_success_at=self._clock())

    def _result(self, name: str, call: Call) -> tuple[tuple[Metric, ...], Standing]:
        outcome = call.outcomes.get(name)
        error = None if outcome is None else outcome.error
        problem = LATE if outcome is None else None if error is None else _told(error)
        self._log_change(name, problem, error)
        duration = time.monotonic() - call.started if outcome is None else outcome.duration
        standing = replace(self._standings[name], is_fresh=problem is None, duration_seconds=duration, problem=problem)
        self._standings[name] = standing
        metrics = outcome.metrics if outcome is not None and error is None else self._last.get(name, ())
        return metrics, standing

    def _log_change(self, name: str, problem: str | None, error: Exception | None) -> None:
        """Log what changed, once; that the ledger cannot be read is told by its reader already."""
        before = self._standings[name].problem
        if problem == before or isinstance(error, LedgerError):
            return
        if problem is None:
            if name in self._complained:
                self._complained.remove(name)
                _LOG.info(logs.COLLECTOR_RECOVERED, collector=name)
            return
        self._complained.add(name)
        if error is None:
            _LOG.warning(logs.COLLECTOR_DELAYED, collector=name)
        else:
            _LOG.error(logs.COLLECTOR_FAILED, collector=name, message=problem)


def _collect(collector: Collector) -> _Outcome:
    began = time.monotonic()
    try:
        return _Outcome(tuple(collector.collect()), None, time.monotonic() - began)
    except Exception as exc:  # noqa: BLE001  # one of the two places: whatever a collector does, a scrape goes on
        return _Outcome((), exc, time.monotonic() - began)


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, LedgerError) else f"{type(error).__name__}: {error}"
