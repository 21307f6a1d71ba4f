"""The settings that a running service works with: its files, read again when they change, under the overrides."""

import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from processor.errors import LedgerError, SettingsError
from processor.ledger import overrides as ledger_overrides
from processor.ledger.connection import Ledger
from processor.ledger.overrides import Change, Override
from processor.operations.overlay import announced_from, in_force, overlay
from processor.settings.files import SettingsFiles
from processor.settings.load import Loaded
from processor.settings.overriding import Difference, differences, replace_keys, value_at
from processor.settings.run_time import RULES
from processor.settings.sections import Settings


class SettingsNews(Protocol):
    """Is told what becomes of the settings."""

    def changed(self, found: Sequence[Difference]) -> None:
        """Other values are in force now."""

    def reloaded(self) -> None:
        """The files were read and are in force, but for what takes a restart."""

    def rejected(self, error: SettingsError) -> None:
        """What was written, or set, is wrong; the last good settings stay in force."""

    def takes_restart(self, keys: Sequence[str]) -> None:
        """These were changed in the files and wait for the next start."""

    def end_announced(self, override: Override) -> None:
        """An override ends soon."""

    def ended(self, override: Override, after: object) -> None:
        """An override ended by itself."""


@dataclass(frozen=True)
class Standing:
    """One moment's answer; replaced as a whole, so that nobody sees half a change."""

    base: Loaded  #: of the files
    loaded: Loaded  #: with the overrides
    overrides: tuple[Override, ...] = ()
    seen_change: int = 0  #: the last change of an override that is taken into account
    left_out: tuple[Override, ...] = ()  #: those that do not go with the files


@dataclass
class SettingsInForce:
    """Ask `settings` each time; `look` takes up what changed.

    Args:
        started: what the files said at the start; what takes a restart is kept from it.
        pinned: keys that nothing changes, such as `--dry-run` of the command line.
    """

    files: SettingsFiles
    ledger: Ledger
    started: Loaded
    actor: str
    clock: Callable[[], float]
    pinned: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._guard = threading.Lock()
        self._seen = self.files.fingerprint()
        self._tried: str | None = None  # the files may have changed since they were read for the start
        self._file_error: SettingsError | None = None
        self._known: tuple[Override, ...] = ()
        self._standing = Standing(self.started, self._pin(self.started))

    @property
    def settings(self) -> Settings:
        """What is in force at this moment."""
        return self._standing.loaded.settings

    @property
    def standing(self) -> Standing:
        """The same, and where each value comes from."""
        return self._standing

    @property
    def is_as_written(self) -> bool:
        """Tell whether the files and every override are in force, as far as that takes no restart."""
        return self._file_error is None and not self._standing.left_out

    def look(self, news: SettingsNews) -> None:
        """Take up changed files, overrides that were set, taken back or ended, and announce what ends soon.

        An override ends on time also while the ledger cannot be asked.
        """
        with self._guard:
            base = self._read_files(news)
            seen = self._read_overrides()
            now = self.clock()
            self._put_in_force(base, in_force(self._known, now), seen, news)
            for one in self._known:
                with contextlib.suppress(LedgerError):  # told at a later look
                    self._tell_end(one, now, news)

    def _read_files(self, news: SettingsNews) -> Loaded:
        """Read the files when they are others than the last time, right or wrong.

        They must be the same at two looks: an editor may have emptied a file and not written it yet.
        """
        seen, self._seen = self._seen, self.files.fingerprint()
        if self._seen != seen or self._seen == self._tried:
            return self._standing.base
        is_first, self._tried = self._tried is None, self._seen
        try:
            wanted = self.files.load()
            base = replace_keys(wanted, _kept(self.started.settings))
        except SettingsError as exc:
            self._file_error = exc
            news.rejected(exc)
            return self._standing.base
        self._file_error = None
        if is_first and wanted.settings == self.started.settings:
            return self._standing.base
        news.reloaded()
        waiting = [one.key for one in differences(base.settings, wanted.settings)]
        if waiting:
            news.takes_restart(waiting)
        return base

    def _read_overrides(self) -> int:
        try:
            with self.ledger.read() as db:
                self._known = ledger_overrides.list_overrides(db)
                return ledger_overrides.last_change_id(db)
        except LedgerError:
            return self._standing.seen_change

    def _put_in_force(self, base: Loaded, active: tuple[Override, ...], seen: int, news: SettingsNews) -> None:
        before = self._standing
        if base is before.base and active == before.overrides and seen == before.seen_change:
            return
        laid = overlay(base, active)
        if laid.error is not None and laid.left_out != before.left_out:
            news.rejected(laid.error)
        self._standing = Standing(base, self._pin(laid.loaded), active, seen, laid.left_out)
        if base is not before.base:
            self._record_reload(differences(before.base.settings, base.settings))
        if found := differences(before.loaded.settings, self.settings):
            news.changed(found)

    def _record_reload(self, found: Sequence[Difference]) -> None:
        now, why = self.clock(), f"changed in {self.files.directory}"
        with contextlib.suppress(LedgerError), self.ledger.write() as db:  # in force all the same, and in the log
            for one in found:
                change = Change(
                    at=now, actor=self.actor, action="reloaded", key=one.key, before=one.before, after=one.after,
                    reason=why,
                )  # fmt: skip
                ledger_overrides.record(db, change)

    def _tell_end(self, one: Override, now: float, news: SettingsNews) -> None:
        """Record that an override ended, or announce that it will; of several services one does."""
        after = value_at(self.settings, one.key)
        if not one.is_in_force(now):
            with self.ledger.write() as db:
                is_mine = ledger_overrides.expire(db, one, after, now)
            if is_mine:
                news.ended(one, after)
        elif one.announced_at is None and now >= announced_from(one, self.settings.main.overrides.announce_seconds):
            with self.ledger.write() as db:
                is_mine = ledger_overrides.announce_end(db, one, now)
            if is_mine:
                news.end_announced(one)

    def _pin(self, loaded: Loaded) -> Loaded:
        return replace_keys(loaded, self.pinned) if self.pinned else loaded


def _kept(settings: Settings) -> dict[str, object]:
    """Give what takes a restart, as it was at the start, by key."""
    data = settings.model_dump(exclude_unset=True)
    found = {}
    for rule in RULES:
        if rule.takes_restart:
            here = data
            *parents, last = rule.prefix.split(".")
            for part in parents:
                here = here.get(part, {})
            if last in here:
                found[rule.prefix] = here[last]
    return found
