"""An installation with a real ledger, what a service would have written into it, and an exporter over real HTTP."""

import contextlib
import itertools
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families

from exporter.main import main
from exporter.service import Exporter
from processor.ledger import endings, progress, runs
from processor.ledger.connection import Ledger
from processor.model import IssueRef, Outcome, Phase, Priority
from processor.settings.load import load_settings
from tests.new_ledger import new_ledger

REPOSITORY = "octo/hello"
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@dataclass
class Office:
    """The folder that an operator works in."""

    root: Path
    main: dict[str, Any]
    environ: dict[str, str] = field(default_factory=dict)

    def write(self, **changes: Any) -> None:
        """Write the main settings file, with some keys changed."""
        self.main |= changes
        (self.root / "configs").mkdir(exist_ok=True)
        (self.root / "configs" / "auto_issue_processor.yaml").write_text(yaml.safe_dump(self.main), encoding="utf-8")

    def exporter(self, *names: str) -> Exporter:
        """Make an exporter of this folder's settings."""
        return Exporter(load_settings(self.root / "configs", {}), self.environ, names)

    def ledger(self) -> Ledger:
        """Open the ledger as the processor does."""
        return new_ledger(load_settings(self.root / "configs", {}).main.state)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    place = Office(
        tmp_path,
        {
            "repositories": [{"name": REPOSITORY}],
            "default_agent": "tidy",
            "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
            "state": {"directory": str(tmp_path / "state")},
            "logs": {"directory": str(tmp_path / "logs")},
        },
    )
    place.write()
    return place


@pytest.fixture
def ledger(office: Office) -> Iterator[Ledger]:
    opened = office.ledger()
    yield opened
    opened.close()


_numbers = itertools.count(1)


@dataclass(frozen=True)
class Scene:
    """Writes into the ledger what a service would have written; times are seconds before now unless `at` is given."""

    ledger: Ledger

    def queue(
        self, *, priority: Priority = Priority.HIGH, at: float | None = None, repository: str = REPOSITORY
    ) -> str:
        """Put a run into the queue."""
        number = next(_numbers)
        now = time.time() if at is None else at
        with self.ledger.write() as db:
            new = runs.NewRun(
                ref=IssueRef(repository, number),
                title="Greet the world",
                priority=priority,
                issue_created_at=now - 100,
                discovered_at=now - 60,
                branch=f"auto-fix/issue-{number}",
                sequence=1,
                requested_by="poll",
            )
            return runs.queue(db, new, now - 50)

    def start(self, run_id: str, at: float | None = None) -> str:
        """Have a queued run in its first phase."""
        now = time.time() if at is None else at
        with self.ledger.write() as db:
            runs.release(db, run_id, "processor-1", now - 41)
            runs.start(db, run_id, "processor-1", now - 40)
            progress.start_attempt(db, run_id, 1, now - 40)
            progress.start_phase(db, run_id, 1, Phase.AGENT, now - 40)
        return run_id

    def finish(self, outcome: Outcome = Outcome.SUCCESS, *, at: float | None = None, **values: Any) -> str:
        """Have a run that worked for 40 s."""
        now = time.time() if at is None else at
        run_id = self.start(self.queue(at=now, **values), now)
        is_bad = outcome in {Outcome.ERROR, Outcome.TIMEOUT}
        with self.ledger.write() as db:
            progress.end_phase(db, run_id, Phase.AGENT, "ok", now, attempt=1, is_counted=True)
            ending = endings.Ending(
                outcome=outcome,
                error_type="agent_exit" if is_bad else None,
                error_message="it broke" if is_bad else None,
                phase=Phase.AGENT,
                is_dead_letter=is_bad,
            )
            endings.finish(db, run_id, ending, now)
        return run_id


@pytest.fixture
def scene(ledger: Ledger) -> Scene:
    return Scene(ledger)


@dataclass(frozen=True)
class Scraped:
    """One answer of /metrics in the text format."""

    text: str

    def value(self, name: str, **labels: str) -> float:
        """The one sample of this name with exactly these labels."""
        return self.samples[name, frozenset(labels.items())]

    def values(self, name: str) -> dict[frozenset[tuple[str, str]], float]:
        """Every sample of this name."""
        return {labels: value for (found, labels), value in self.samples.items() if found == name}

    @property
    def samples(self) -> Samples:
        """Every sample by name and labels."""
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(self.text)
            for sample in family.samples
        }


@dataclass(frozen=True)
class Client:
    """Asks a running exporter."""

    url: str

    def get(self, path: str = "/metrics", **headers: str) -> requests.Response:
        """Ask over real HTTP."""
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"{self.url}{path}", headers={"Accept-Encoding": "identity", **headers}, timeout=60)

    def scrape(self) -> Scraped:
        """Read /metrics."""
        answer = self.get()
        assert answer.status_code == 200
        return Scraped(answer.text)

    def scrape_until(self, is_there: Callable[[Scraped], bool]) -> Scraped:
        """Read /metrics until something shows; a reading may be a second old."""
        deadline = time.monotonic() + 60
        while True:
            scraped = self.scrape()
            if is_there(scraped) or time.monotonic() > deadline:
                assert is_there(scraped), scraped.text
                return scraped
            time.sleep(0.1)


@pytest.fixture
def serve(office: Office) -> Iterator[Callable[..., Client]]:
    """Start an exporter of the office in this process."""
    started: list[Exporter] = []

    def start(*names: str, web_config: Path | None = None) -> Client:
        exporter = office.exporter(*names)
        started.append(exporter)
        return Client(exporter.serve("127.0.0.1", 0, web_config))

    yield start
    for exporter in started:
        exporter.close()


@dataclass(frozen=True)
class Said:
    """What one call of `aip-exporter` gave."""

    code: int
    out: str
    err: str


PROGRAM = str(Path(sys.executable).parent / "aip-exporter")


@pytest.fixture
def program(office: Office, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Call `aip-exporter` in this process, in the folder of the office, for what prints and leaves."""
    monkeypatch.chdir(office.root)

    def call(*arguments: str) -> Said:
        capfd.readouterr()
        code = main(arguments)
        said = capfd.readouterr()
        return Said(code, said.out, said.err)

    return call


@dataclass
class Running:
    """An `aip-exporter` that runs as a process of its own."""

    process: subprocess.Popen[str]
    client: Client
    log: Path


@contextlib.contextmanager
def running_program(office: Office, log: Path, environ: Mapping[str, str], *arguments: str) -> Iterator[Running]:
    """Run the installed `aip-exporter` while the block lasts, from when it says where it answers."""
    argv = [PROGRAM, "--listen", "127.0.0.1:0", *arguments]
    with log.open("w") as stream:
        process = subprocess.Popen(argv, stderr=stream, text=True, cwd=office.root, env=dict(environ))
    try:
        deadline = time.monotonic() + 60
        while (found := re.search(r'"url": "(http[^"]+)"', log.read_text())) is None:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield Running(process, Client(found[1]), log)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def run_program(office: Office) -> Iterator[Callable[..., Running]]:
    """Start the installed `aip-exporter`; it is ended with the test."""
    office.write(log_level="INFO")
    with contextlib.ExitStack() as stack:
        numbers = itertools.count()

        def start(*arguments: str) -> Running:
            log = office.root / f"exporter-{next(numbers)}.log"
            return stack.enter_context(running_program(office, log, os.environ, *arguments))

        yield start
