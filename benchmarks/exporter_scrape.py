"""What a scrape of the exporter costs: with few and with many runs in the ledger, beside the mere writing of as many
series, by many scrapers at once, and in memory.
"""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import requests
import yaml
from prometheus_client import generate_latest
from prometheus_client.core import Metric
from sqlalchemy import Connection, Engine, event

from benchmarks.figure import Figure, once, spread
from benchmarks.large_ledger import REPOSITORY, make_large_ledger
from benchmarks.scale import Scale
from exporter.catalogue import choose
from exporter.exposition import expose
from exporter.ledger_reading import LedgerReading
from exporter.scrape import Scraper
from exporter.service import Exporter
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from processor.ledger.queries import LedgerDoor
from processor.settings.sections import Logs, MainFile, RepositorySettings, Settings, State

_SCRAPERS = 10
_SCRAPE_INTERVAL_SECONDS = 15.0
_GROWTH_TARGET = 1.2
_WRITING_TARGET = 3.0
_MEMORY_TARGET_MB = 80.0
_LIMIT_SECONDS = 30.0


def measure(scale: Scale) -> Iterable[Figure]:
    """Measure with a small and a large ledger; both sides take turns."""
    small, large = scale.ledger_runs
    with TemporaryDirectory(prefix="aip-bench-") as root:
        states = {runs: make_large_ledger(Path(root) / str(runs), runs) for runs in (small, large)}
        with _scrape(states[small]) as few, _scrape(states[large]) as many:
            yield from _compare(few, many, scale)
        yield _readings(states[large], scale)
        yield _memory(states[large], Path(root), scale.scrapes)


def _compare(few: "_Scrape", many: "_Scrape", scale: Scale) -> Iterable[Figure]:
    small, large = scale.ledger_runs
    few_seconds, many_seconds, bare_seconds = [], [], []
    for _ in range(scale.scrapes):
        few_seconds.append(_seconds(few))
        many_seconds.append(_seconds(many))
        bare_seconds.append(_seconds(partial(generate_latest, _Series(many.scraper.scrape()))))
    growth = [with_many / with_few for with_few, with_many in zip(few_seconds, many_seconds, strict=True)]
    over_bare = [whole / bare for whole, bare in zip(many_seconds, bare_seconds, strict=True)]
    yield _milliseconds(f"scrape, {small:,} runs", few_seconds)
    yield _milliseconds(f"scrape, {large:,} runs", many_seconds)
    yield _milliseconds("bare generate_latest of the same series", bare_seconds)
    yield spread(f"scrape, {large:,} runs / {small:,} runs", growth, "×", most=_GROWTH_TARGET)
    yield spread("scrape / bare generate_latest of the same series", over_bare, "×", most=_WRITING_TARGET)


class _Series:
    """Series that are there already, as the text format has them: without created times."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = [self._plain(metric) for metric in metrics]

    def collect(self) -> Iterable[Metric]:
        """Give them to the client library."""
        return self._metrics

    @staticmethod
    def _plain(metric: Metric) -> Metric:
        plain = Metric(metric.name, metric.documentation, metric.type)
        plain.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
        return plain


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _milliseconds(what: str, seconds: list[float]) -> Figure:
    return spread(what, [1000 * one for one in seconds], "ms")


class _Scrape:
    """A whole scrape, from reading the ledger to the text; each call comes 15 s after the last, by its own clock."""

    def __init__(self, state: State) -> None:
        self._now = 0.0
        self.reading = LedgerReading(LedgerDoor(state), monotonic=lambda: self._now)
        surroundings = Surroundings(_settings(state), self.reading, time.time)
        collectors = [kind(surroundings) for kind in choose()]
        self.scraper = Scraper(collectors, _LIMIT_SECONDS, time.time, {LEDGER: self.reading})

    def __call__(self) -> None:
        self._now += _SCRAPE_INTERVAL_SECONDS
        expose(self.scraper.scrape(), "", "")


@contextmanager
def _scrape(state: State) -> Iterator[_Scrape]:
    """Make one that is warm: closed periods summed up, statements prepared."""
    scrape = _Scrape(state)
    scrape()
    try:
        yield scrape
    finally:
        scrape.reading.close()


def _readings(state: State, scale: Scale) -> Figure:
    """Count the transactions that many scrapers cost together, over real HTTP."""
    begun: list[float] = []

    def note(_connection: Connection) -> None:
        begun.append(time.monotonic())

    exporter = Exporter(_settings(state), {})
    url = exporter.serve("127.0.0.1", 0)
    event.listen(Engine, "begin", note)
    try:
        _scrape_together(f"{url}/metrics", time.monotonic() + scale.scraping_seconds)
    finally:
        event.remove(Engine, "begin", note)
        exporter.close()
    # The first reading opens the first second, so it is none of the seconds between.
    rate = (len(begun) - 1) / (begun[-1] - begun[0]) if len(begun) > 1 else 0.0
    return once(f"{_SCRAPERS} scrapers at once: readings of the ledger a second", rate, "readings", most=1)


def _scrape_together(url: str, until: float) -> None:
    def scrape() -> None:
        with requests.Session() as session:
            session.trust_env = False
            while time.monotonic() < until:
                session.get(url, timeout=_LIMIT_SECONDS).raise_for_status()

    threads = [threading.Thread(target=scrape) for _ in range(_SCRAPERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _memory(state: State, root: Path, scrapes: int) -> Figure:
    """Look at the installed program after some scrapes."""
    (root / "configs").mkdir()
    main = {"repositories": [{"name": REPOSITORY}], "state": {"directory": str(state.directory)}, "log_level": "INFO"}
    main |= {"default_agent": "tidy", "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}}}
    (root / "configs" / "auto_issue_processor.yaml").write_text(yaml.safe_dump(main))
    argv = [sys.executable, "-m", "exporter", "--config-dir", str(root / "configs"), "--listen", "127.0.0.1:0"]
    with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as process:
        try:
            url = _url(process)
            with requests.Session() as session:
                session.trust_env = False
                for _ in range(scrapes):
                    session.get(f"{url}/metrics", timeout=_LIMIT_SECONDS).raise_for_status()
            memory = psutil.Process(process.pid).memory_info().rss / 1_000_000
        finally:
            process.terminate()
    return once("resident memory of aip-exporter", memory, "MB", most=_MEMORY_TARGET_MB, is_strict=True)


def _url(process: subprocess.Popen[str]) -> str:
    lines = []
    for line in process.stderr or ():
        lines.append(line)
        found = re.search(r'"url": "(http[^"]+)"', line)
        if found is not None:
            return found[1]
    raise RuntimeError(f"aip-exporter did not start: {''.join(lines)}")


def _settings(state: State) -> Settings:
    logs = Logs(directory=state.directory / "logs")
    return Settings(main=MainFile(state=state, logs=logs, repositories=(RepositorySettings(name=REPOSITORY),)))
