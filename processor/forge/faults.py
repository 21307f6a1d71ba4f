"""Faults that tests inject into chosen requests, and the points where a request can be held."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from threading import Event, Lock


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    DELAY = "delay"
    DROP = "drop"
    RATE_LIMIT = "rate_limit"
    TRUNCATED = "truncated"
    HOLD = "hold"


class When(StrEnum):
    """On which side of the request's effect it goes wrong."""

    BEFORE = "before"
    AFTER = "after"


class RateLimitKind(StrEnum):
    """Which of GitHub's limits is hit."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


@dataclass(kw_only=True)
class Fault:
    """One fault: which requests it hits, and what it does to them.

    `endpoint` is a group name such as create_pull; `method` and `path` (with * and ?, below /api/v3) match
    any request. It hits from the `nth` matching request on, `times` times (None: for ever).
    """

    kind: FaultKind
    endpoint: str | None = None
    method: str | None = None
    path: str | None = None
    login: str | None = None
    nth: int = 1
    times: int | None = 1
    when: When = When.BEFORE
    status: int = 500
    body: object = None
    seconds: float = 0
    rate_limit: RateLimitKind = RateLimitKind.PRIMARY
    retry_after_seconds: int | None = None
    reset_in_seconds: float | None = None
    id: int = 0
    seen: int = 0
    hits: int = 0
    is_abandoned: bool = False
    reached: Event = field(default_factory=Event, repr=False, compare=False)
    released: Event = field(default_factory=Event, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Accept plain texts for the enumerations; raise ValueError for anything that cannot be."""
        self.kind = FaultKind(self.kind)
        self.when = When(self.when)
        self.rate_limit = RateLimitKind(self.rate_limit)
        if self.nth < 1 or (self.times is not None and self.times < 1):
            raise ValueError(f"a fault needs nth and times of at least 1; got nth={self.nth}, times={self.times}")
        if self.method is not None and not re.fullmatch(r"[A-Za-z]+", self.method):
            raise ValueError(f"a fault's method is an HTTP method; got {self.method!r}")

    def wait_until_reached(self, timeout_seconds: float = 60) -> bool:
        """Wait until a request has been hit (and is held, for a hold); tell whether one was in time."""
        return self.reached.wait(timeout_seconds)

    def release(self, *, abandon: bool = False) -> None:
        """Let held and delayed requests go on, or with `abandon` hang up on them (before the effect: without it)."""
        self.is_abandoned = abandon
        self.released.set()

    def matches(self, names: Sequence[str], method: str, path: str, login: str) -> bool:
        """Tell whether the fault concerns this request."""
        return (
            (self.endpoint is None or self.endpoint in names)
            and (self.method is None or self.method.upper() == method)
            and (self.path is None or fnmatchcase(path, self.path))
            and (self.login is None or self.login == login)
        )


class Faults:
    """Hold the faults of one forge; they are not kept through a restart."""

    def __init__(self) -> None:
        """Begin without faults."""
        self._lock = Lock()
        self._ids = itertools.count(1)
        self._faults: dict[int, Fault] = {}

    def add(
        self,
        kind: FaultKind | str,
        endpoint: str | None = None,
        *,
        method: str | None = None,
        path: str | None = None,
        login: str | None = None,
        nth: int = 1,
        times: int | None = 1,
        when: When | str = When.BEFORE,
        status: int = 500,
        body: object = None,
        seconds: float = 0,
        rate_limit: RateLimitKind | str = RateLimitKind.PRIMARY,
        retry_after_seconds: int | None = None,
        reset_in_seconds: float | None = None,
    ) -> Fault:
        """Add a fault (see Fault for the meaning of the arguments) and return it."""
        fault = Fault(
            kind=FaultKind(kind),
            endpoint=endpoint,
            method=method,
            path=path,
            login=login,
            nth=nth,
            times=times,
            when=When(when),
            status=status,
            body=body,
            seconds=seconds,
            rate_limit=RateLimitKind(rate_limit),
            retry_after_seconds=retry_after_seconds,
            reset_in_seconds=reset_in_seconds,
        )
        with self._lock:
            fault.id = next(self._ids)
            self._faults[fault.id] = fault
        return fault

    def hitting(self, names: Sequence[str], method: str, path: str, login: str) -> list[Fault]:
        """Count this request against every fault it matches and return those that hit it."""
        hitting = []
        with self._lock:
            for fault in self._faults.values():
                if not fault.matches(names, method, path, login):
                    continue
                fault.seen += 1
                if fault.seen >= fault.nth and (fault.times is None or fault.hits < fault.times):
                    fault.hits += 1
                    hitting.append(fault)
        return hitting

    def get(self, fault_id: int) -> Fault | None:
        """Return the fault, or None."""
        return self._faults.get(fault_id)

    def list(self) -> list[Fault]:
        """Return the faults, oldest first."""
        with self._lock:
            return list(self._faults.values())

    def remove(self, fault_id: int) -> None:
        """Remove one fault and let go what it holds."""
        with self._lock:
            fault = self._faults.pop(fault_id, None)
        if fault:
            fault.release()

    def clear(self, *, abandon: bool = False) -> None:
        """Remove every fault and let go, or hang up on, what they hold."""
        with self._lock:
            faults, self._faults = list(self._faults.values()), {}
        for fault in faults:
            fault.release(abandon=abandon)
