"""Put the exporter together from the settings, start it and stop it."""

import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from exporter.answers import Answers
from exporter.catalogue import choose
from exporter.exposition import as_text
from exporter.ledger_reading import LedgerReading
from exporter.scrape import Scraper
from exporter.server import ExporterServer
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from exporter.web_access import WebAccess
from processor.ledger.queries import LedgerDoor
from processor.settings.rotation import rotating_database_password
from processor.settings.sections import Settings

DISTRIBUTION = "auto-issue-processor-a2a"


class Exporter:
    """The collectors and their one reading of the ledger. Close it when done."""

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        names: Sequence[str] = (),
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make the collectors; nothing is read yet.

        Args:
            settings: as they are at the start.
            environ: where the password of the database is named.
            names: of the collectors; none for all of them.
            clock: tells which days and weeks are closed, in seconds of the epoch.
            monotonic: tells when the ledger is read anew.

        Raises:
            UsageError: a name is no collector's.
            SettingsError: the file with the password of the database cannot be read.
        """
        kinds = choose(names)
        self._of_the_ledger = frozenset(kind.name for kind in kinds if kind.source == LEDGER)
        state = settings.main.state
        self._ledger = LedgerReading(LedgerDoor(state, rotating_database_password(state, environ)), monotonic)
        surroundings = Surroundings(settings, self._ledger, clock)
        limit = settings.main.exporter.scrape_limit_seconds
        self._scraper = Scraper([kind(surroundings) for kind in kinds], limit, clock, {LEDGER: self._ledger})
        self._server: ExporterServer | None = None

    def once(self) -> tuple[str, tuple[str, ...]]:
        """Scrape once: the text format, and what went wrong, each thing once."""
        text = as_text(self._scraper.scrape())
        problems = [standing.problem for standing in self._scraper.standings()]
        return text, tuple(dict.fromkeys(filter(None, (self._ledger.trouble, *problems))))

    def serve(self, host: str, port: int, web_config: Path | None = None) -> str:
        """Answer requests from now on and tell where; the first scrape is done before.

        Raises:
            SettingsError: the file of TLS and users is wrong.
            UsageError: the port is in use.
        """
        access = WebAccess(web_config)
        answers = Answers(self._scraper, self._trouble, version(DISTRIBUTION))
        self._server = ExporterServer(host, port, answers, access)
        self._scraper.scrape()
        self._server.start()
        return self._server.url

    def _trouble(self) -> str | None:
        """Look now, within the limit of a scrape, why the ledger cannot be shown; None when it can, or is not asked."""
        self._scraper.scrape()
        standings = [one for one in self._scraper.standings() if one.name in self._of_the_ledger]
        problems = (self._ledger.trouble, *(one.problem for one in standings))
        return next(filter(None, problems), None)

    def close(self) -> None:
        """Stop answering and give the connections back."""
        if self._server is not None:
            self._server.stop()
        self._scraper.close()
        self._ledger.close()
