"""Share one reading of the ledger between all collectors and all scrapers: one transaction, at most one a second."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from processor import logs
from processor.errors import LedgerAbsent, LedgerError
from processor.ledger.queries import NO_LEDGER, LedgerDoor, Snapshot, read_snapshot

#: Scrapers that come within this time see the same moment.
FRESH_SECONDS = 1.0
#: How often everything is counted anew, although nothing seems to have changed.
_COUNT_ANEW_SECONDS = 3600.0
_LOG = logs.get_logger("exporter")


class LedgerReading:
    """Reads the ledger when somebody asks and the last reading is older than a second. Safe to use from threads."""

    def __init__(self, door: LedgerDoor, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._door = door
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._snapshot: Snapshot | None = None
        self._error: LedgerError | None = None
        self._was_seen = False
        self._counted_at = 0.0
        self._round: ExitStack | None = None
        self._open: Connection | None = None  #: the transaction of this round

    @property
    def trouble(self) -> str | None:
        """What the last reading failed with; None when it went well or there was none yet."""
        error = self._error
        return None if error is None else str(error)

    def snapshot(self) -> Snapshot:
        """Give the ledger as it was at most a second ago; an empty one while there never was any.

        Raises:
            LedgerError: it cannot be read now. A ledger that was there and is gone is no empty ledger.
        """
        with self._lock:
            if self._open is None and not self.is_fresh():
                self._read()
                self._read_at = self._monotonic()
            if self._snapshot is None:
                raise self._error or LedgerError("the ledger was not read")
            return self._snapshot

    def is_fresh(self) -> bool:
        """Tell whether the last reading is less than a second old."""
        return self._read_at is not None and self._monotonic() - self._read_at < FRESH_SECONDS

    @contextmanager
    def round(self) -> Iterator[None]:
        """Have all that is asked in the block read in one transaction: of one moment, ended with the block."""
        self._round = ExitStack()
        try:
            yield
        finally:
            ending, self._round, self._open = self._round, None, None
            # What was asked for was read; a link that broke since is told by the next reading.
            with suppress(LedgerError, SQLAlchemyError):
                ending.close()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Give the transaction of this round for what is asked seldom, such as a closed day; outside of one another.

        What fails in it leaves the others of the round theirs.

        Raises:
            LedgerError: it cannot be read now.
        """
        with self._door.read() if self._open is None else self._door.part_of(self._open) as db:
            yield db

    def close(self) -> None:
        """Give the connections back."""
        self._door.close()

    def _read(self) -> None:
        before = self.trouble
        try:
            with ExitStack() as transaction:
                db = transaction.enter_context(self._door.read())
                self._snapshot, self._error, self._was_seen = read_snapshot(db, self._known()), None, True
                if self._round is not None:
                    self._round.push(transaction.pop_all())
                    self._open = db
        except LedgerAbsent as exc:
            self._snapshot, self._error = (None, self._gone()) if self._was_seen else (NO_LEDGER, exc)
        except LedgerError as exc:
            self._snapshot, self._error = None, exc
        if self.trouble != before:
            self._tell()

    def _gone(self) -> LedgerError:
        return LedgerError(f"the ledger {self._door.place} was there and is gone; put it back, or restore a backup")

    def _known(self) -> Snapshot | None:
        now = self._monotonic()
        if now - self._counted_at < _COUNT_ANEW_SECONDS:
            return self._snapshot
        self._counted_at = now
        return None

    def _tell(self) -> None:
        """Say once what changed, not at every scrape."""
        if self._error is None:
            _LOG.info(logs.LEDGER_REACHED)
        elif isinstance(self._error, LedgerAbsent):
            _LOG.warning(logs.LEDGER_AWAITED, message=str(self._error))
        else:
            _LOG.error(logs.LEDGER_UNREACHABLE, message=str(self._error))
