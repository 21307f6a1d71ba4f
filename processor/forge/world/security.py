"""Security alerts of a repository, of kinds that are switched on one by one."""

from collections.abc import Iterable

from processor.forge.refusals import invalid
from processor.forge.storage.activity import SecurityAlert, SecurityScan
from processor.forge.storage.records import Repository
from processor.forge.storage.store import Store
from processor.forge.times import Clock, written

KINDS = ("dependabot", "code-scanning", "secret-scanning")


class Security:
    """Switch kinds of alerts on, and open alerts."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Keep alerts in `store`."""
        self._store = store
        self._clock = clock

    def enable(self, repository: Repository, kinds: Iterable[str]) -> None:
        """Switch kinds on; those that are stay so."""
        for kind in kinds:
            if kind not in KINDS:
                raise invalid("SecurityAlert", "kind")
            if not self.is_enabled(repository, kind):
                self._store.put(SecurityScan(id=self._store.next_id(), repository_id=repository.id, kind=kind))

    def is_enabled(self, repository: Repository, kind: str) -> bool:
        """Tell whether a kind is switched on."""
        return any(one.kind == kind for one in self._store.children(SecurityScan, repository.id))

    def add(self, repository: Repository, kind: str, severity: str | None, summary: str) -> SecurityAlert:
        """Open an alert."""
        self.enable(repository, (kind,))
        return self._store.put(
            SecurityAlert(
                id=self._store.next_id(),
                repository_id=repository.id,
                kind=kind,
                number=len(self.of(repository, kind)) + 1,
                severity=severity,
                summary=summary,
                created_at=written(self._clock()),
            )
        )

    def of(self, repository: Repository, kind: str) -> list[SecurityAlert]:
        """Return the alerts of a kind, newest first."""
        return self._store.children(SecurityAlert, repository.id, kind)[::-1]
