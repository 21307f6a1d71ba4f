"""Do the nightly duties: each once a night, by one service for all; a missed one is made up once."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from processor import logs
from processor.errors import LedgerError, ProcessorError
from processor.ledger import nightly_turns
from processor.model.clock_times import last_due
from processor.pipeline.context import Context
from processor.settings.sections import MainFile

LOOK_SECONDS = 60.0
_LOG = logs.get_logger("nightly")


@dataclass(frozen=True)
class NightlyDuty:
    """One of them. `clock_time` gives when, such as `02:30`; None while it is switched off."""

    name: str
    clock_time: Callable[[MainFile], str | None]
    act: Callable[[], Mapping[str, object]]


@dataclass
class Nightly:
    """The nightly duties of one service."""

    context: Context
    duties: tuple[NightlyDuty, ...]
    _at_work: threading.Lock = field(default_factory=threading.Lock, init=False)
    _born_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._born_at = self.context.clock()

    def look(self) -> None:
        """Begin what is due, unless the last one is still under way; come back at once."""
        if self._at_work.locked():
            return
        if due := self._take():
            threading.Thread(target=self._work, args=(due,), name="nightly", daemon=True).start()

    def _take(self) -> list[NightlyDuty]:
        """Take every turn that is due, all or none: one that is taken and not begun would be lost for the night."""
        main, now = self.context.settings.main, self.context.clock()
        with self.context.ledger.write() as db:
            return [
                duty
                for duty in self.duties
                if (clock_time := duty.clock_time(main)) is not None
                and nightly_turns.begin_turn(
                    db,
                    duty.name,
                    self.context.instance,
                    due_at=last_due(now, clock_time, ZoneInfo(main.timezone)),
                    now=now,
                    born_at=self._born_at,
                )
            ]

    def _work(self, due: list[NightlyDuty]) -> None:
        with self._at_work:
            for duty in due:
                try:
                    result = duty.act()
                except ProcessorError as exc:
                    _LOG.error(logs.NIGHTLY_FAILED, duty=duty.name, error_type=str(exc.error_type), message=str(exc))
                    result = {"error": str(exc)}
                else:
                    _LOG.info(logs.NIGHTLY_FINISHED, duty=duty.name, **result)
                self._end(duty, result)

    def _end(self, duty: NightlyDuty, result: Mapping[str, object]) -> None:
        """Write what a turn did; where that cannot be written now the next duty has its turn all the same."""
        try:
            with self.context.ledger.write() as db:
                nightly_turns.end_turn(db, duty.name, result, self.context.clock())
        except LedgerError as exc:
            _LOG.error(logs.NIGHTLY_FAILED, duty=duty.name, error_type=str(exc.error_type), message=str(exc))
