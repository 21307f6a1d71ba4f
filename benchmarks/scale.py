"""How much is measured: a few minutes by default, next to nothing with `--quick`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Numbers of repetitions and lengths of time."""

    repetitions: int = 5
    issues: int = 7  #: on either side, in each repetition
    idle_after: tuple[int, ...] = (0, 1)  #: issues that a service has processed before it is watched
    watch_seconds: float = 30.0
    settle_seconds: float = 30.0  #: the first checklists come 20 s after a start, once, and are no idleness
    quiet_polls: int = 5
    page_counts: tuple[int, ...] = (1, 3)
    ledger_runs: tuple[int, int] = (1_000, 1_000_000)  #: in the ledgers that the exporter reads
    log_megabytes: int = 1_000  #: of the log that is analysed
    scrapes: int = 40
    scraping_seconds: float = 10.0
    simulations: int = 10  #: installations of each kind
    healthy_days: int = 30
    days_before_fault: int = 4  #: the longest window of the alerts is full by then
    faulty_days: int = 3  #: a fault that is not found in them counts as found at their end


DEFAULT = Scale()
QUICK = Scale(
    repetitions=1,
    issues=1,
    idle_after=(1,),
    watch_seconds=1.0,
    settle_seconds=0.0,
    quiet_polls=2,
    page_counts=(1,),
    ledger_runs=(100, 1_000),
    log_megabytes=5,
    scrapes=3,
    scraping_seconds=2.5,
    simulations=1,
    healthy_days=1,
    days_before_fault=1,
    faulty_days=1,
)
