"""What a service does about checklists: ask GitHub for security alerts, and go through what is due, each once.

Everything that items are read with is loaded when there is something to do, not with the service.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from processor import logs
from processor.errors import GitHubRateLimited, ProcessorError
from processor.github_client import AlertKind, GitHubClient
from processor.ledger import checklists, queries, security_alerts
from processor.ledger.connection import Ledger
from processor.model import Turn
from processor.settings.sections import MainFile, Settings

#: Of a repository that GitHub did not tell of.
_ASK_AGAIN_SECONDS = 300.0
_LOG = logs.get_logger("checklists")


@dataclass
class Keeping:
    """The checklists of one service; any number may share a ledger."""

    ledger: Ledger
    github: GitHubClient
    settings_now: Callable[[], Settings]
    instance: str
    clock: Callable[[], float]
    _asked: dict[str, float] = field(default_factory=dict, init=False)
    _at_work: threading.Lock = field(default_factory=threading.Lock, init=False)

    def look(self) -> None:
        """Begin what is due, unless the last is under way; come back at once: an index of packages may be slow.

        Raises:
            LedgerError: it cannot be reached; the next look does it.
        """
        if self._at_work.locked():
            return
        main, now = self.settings_now().main, self.clock()
        repositories = self._repositories_to_ask(main, now)
        turns = self._take(self._due(main, now), now)
        if repositories or turns:
            threading.Thread(target=self._work, args=(repositories, turns), name="checklists", daemon=True).start()

    def _repositories_to_ask(self, main: MainFile, now: float) -> list[str]:
        """Name the repositories that nobody asked GitHub about for a while."""
        if not main.checklists.enabled:
            return []
        with self.ledger.read() as db:
            seen = queries.security_alerts_seen(db)
        limit = main.checklists.security_alerts_seconds
        fresh = {one.repository.lower() for one in seen if now - one.seen_at < limit}
        fresh |= {name for name, asked_at in self._asked.items() if now - asked_at < _ASK_AGAIN_SECONDS}
        return [one.name for one in main.repositories if one.name.lower() not in fresh]

    def _due(self, main: MainFile, now: float) -> list[Turn]:
        if not main.checklists.enabled:
            return []
        turns = main.checklists.newest_turns(ZoneInfo(main.timezone), now)
        with self.ledger.read() as db:
            done = queries.turns_done(db, {turn.date.isoformat() for turn in turns})
            made_at = queries.made_at(db)
        return [one for one in turns if one.due_at > made_at and (one.section, one.date.isoformat()) not in done]

    def _take(self, due: list[Turn], now: float) -> list[Turn]:
        """Take the turns that no other service has, all or none."""
        if not due:
            return []
        with self.ledger.write() as db:
            return [turn for turn in due if checklists.take_turn(db, turn, self.instance, now)]

    def _work(self, repositories: list[str], turns: list[Turn]) -> None:
        with self._at_work:
            for repository in repositories:
                self._ask(repository)
            for turn in turns:
                self._go_through(turn)

    def _ask(self, repository: str) -> None:
        self._asked[repository.lower()] = self.clock()
        try:
            found = [self.github.get_security_alerts(repository, kind) for kind in AlertKind]
        except GitHubRateLimited:
            return  # said where it was met; the next look asks again
        except ProcessorError as exc:
            _LOG.warning(
                logs.SECURITY_ALERTS_UNREAD, repository=repository, error_type=str(exc.error_type), message=str(exc)
            )
            return
        with self.ledger.write() as db:
            for one in found:
                security_alerts.note(db, repository, one.kind, counts=one.counts, reason=one.reason, now=self.clock())

    def _go_through(self, turn: Turn) -> None:
        from processor.checklists.going_through import found_of, go_through  # noqa: PLC0415  # four times a day
        from processor.checklists.items import items_of  # noqa: PLC0415
        from processor.checklists.sources import Sources  # noqa: PLC0415

        sources = Sources(self.ledger, self.settings_now(), self.clock(), list_date=turn.date)
        verdicts = go_through(items_of(turn.checklist, turn.section), sources)
        with self.ledger.write() as db:
            checklists.finish_turn(db, turn, found_of(verdicts), self.instance, self.clock())
        found = {name: str(one.status) for name, one in verdicts.items()}
        _LOG.info(
            logs.CHECKLIST_FINISHED,
            checklist=str(turn.checklist),
            section=turn.section,
            date=turn.date.isoformat(),
            items=found,
        )
