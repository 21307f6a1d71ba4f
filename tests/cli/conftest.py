"""One installation in a folder: settings, a ledger, a forge in GitHub's place, and `aip` called as an operator does."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from processor.cli.main import main
from processor.forge import Forge
from processor.ledger import endings, issues, progress, pull_requests, runs, services
from processor.ledger.connection import Ledger
from processor.model import Issue, IssueRef, Outcome, Phase, Priority, PullRequest
from processor.service.assembly import Parts, assemble
from processor.settings.load import load_settings
from processor.settings.sections import State
from tests.new_ledger import new_ledger

REPOSITORY = "octo/hello"
LABEL = "auto-processable"


@dataclass(frozen=True)
class Said:
    """What one call of `aip` gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)


Aip = Callable[..., Said]


@pytest.fixture
def forge(tmp_path) -> Iterator[Forge]:
    """A running forge that holds octo/hello with one labelled issue, #1, by its owner."""
    with Forge(tmp_path / "forge") as started:
        started.create_repository(REPOSITORY, files={"README.md": "hello\n"}, labels=[LABEL])
        started.open_issue(REPOSITORY, "Greet the world", "please", labels=[LABEL, "p1"], author="octo")
        yield started


@dataclass
class Office:
    """The folder that an operator works in."""

    root: Path
    main: dict[str, Any]

    @property
    def configs(self) -> Path:
        """The folder of the settings files."""
        return self.root / "configs"

    def write_settings(self, **changes: Any) -> None:
        """Write the main file, with some keys changed."""
        self.main |= changes
        self.configs.mkdir(exist_ok=True)
        (self.configs / "auto_issue_processor.yaml").write_text(yaml.safe_dump(self.main), encoding="utf-8")

    def run_folder(self, run_id: str) -> Path:
        """Make the folder of what a run's agent prints."""
        folder = self.root / "logs" / "runs" / run_id
        folder.mkdir(parents=True)
        return folder


@pytest.fixture
def office(tmp_path, monkeypatch) -> Office:
    """A folder with settings for a GitHub that nobody can reach, and no token."""
    for name in ("GITHUB_TOKEN", "GITHUB_TOKEN_FILE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    place = Office(
        tmp_path,
        {
            "repositories": [{"name": REPOSITORY}],
            "default_agent": "tidy",
            "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
            "github": {"base_url": "http://127.0.0.1:9/api/v3", "read_attempts": 1},
            "api": {"port": 0},
        },
    )
    place.write_settings()
    return place


@pytest.fixture
def online(office, forge) -> Office:
    """The same folder, with the forge in GitHub's place and a token of the owner."""
    (office.root / "token").write_text(forge.create_token("octo") + "\n")
    (office.root / "token").chmod(0o600)
    office.write_settings(
        github={
            "base_url": forge.api_url,
            "token_file": str(office.root / "token"),
            "seconds_between_requests": 0,
            "seconds_between_writes": 0,
            "read_attempts": 1,
        }
    )
    return office


@pytest.fixture
def aip(capfd) -> Aip:
    """Call `aip` in this process and give exit code, stdout and stderr."""

    def call(*arguments: str) -> Said:
        capfd.readouterr()
        code = main(arguments)
        said = capfd.readouterr()
        return Said(code, said.out, said.err)

    return call


@pytest.fixture
def program(office) -> Callable[..., Said]:
    """Call the installed `aip` as a process of its own, with what a person would answer to its questions."""

    def call(*arguments: str, answers: str = "") -> Said:
        done = subprocess.run(
            [str(Path(sys.executable).parent / "aip"), *arguments],
            input=answers,
            capture_output=True,
            text=True,
            cwd=office.root,
            timeout=60,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def ledger(office) -> Iterator[Ledger]:
    """The ledger that the commands open too."""
    opened = new_ledger(State(directory=office.root / "state"))
    yield opened
    opened.close()


@dataclass(frozen=True)
class Scene:
    """Writes into the ledger what a service would have written."""

    ledger: Ledger

    def queue(
        self,
        number: int = 1,
        *,
        title: str = "Greet the world",
        priority: Priority = Priority.HIGH,
        is_dry_run: bool = False,
    ) -> str:
        """Put a run into the queue; higher issue numbers are younger."""
        ref = IssueRef(REPOSITORY, number)
        with self.ledger.write() as db:
            run = runs.NewRun(
                ref=ref,
                title=title,
                priority=priority,
                issue_created_at=1_000_000.0 + number,
                discovered_at=time.time() - 60,
                branch=f"auto-fix/issue-{number}",
                sequence=runs.next_sequence(db, ref),
                requested_by="poll",
                is_dry_run=is_dry_run,
            )
            return runs.queue(db, run, time.time() - 50)

    def start(self, number: int = 1, **values: Any) -> str:
        """Have a run in its agent phase."""
        run_id = self.queue(number, **values)
        now = time.time()
        with self.ledger.write() as db:
            runs.release(db, run_id, "processor-1", now - 40)
            runs.start(db, run_id, "processor-1", now - 39)
            progress.start_attempt(db, run_id, 1, now - 39)
            progress.start_phase(db, run_id, 1, Phase.PREPARE, now - 38)
            progress.end_phase(db, run_id, Phase.PREPARE, "ok", now - 36, attempt=1, is_counted=True)
            progress.start_phase(db, run_id, 1, Phase.AGENT, now - 36)
        return run_id

    def finish(self, number: int = 1, outcome: Outcome = Outcome.SUCCESS, **values: Any) -> str:
        """Have a run that ended; an error is a dead letter."""
        run_id = self.start(number, **values)
        is_bad = outcome in {Outcome.ERROR, Outcome.TIMEOUT}
        error = ("agent_exit", "agent tidy exited with code 3") if is_bad else (None, None)
        result = error[0] or "ok"
        with self.ledger.write() as db:
            progress.end_phase(db, run_id, Phase.AGENT, result, time.time() - 6, attempt=1, is_counted=True)
            progress.end_attempt(db, run_id, 1, time.time() - 5, error_type=error[0], error_message=error[1])
            ending = endings.Ending(
                outcome=outcome, error_type=error[0], error_message=error[1], phase=Phase.AGENT, is_dead_letter=is_bad
            )
            endings.finish(db, run_id, ending, time.time() - 5)
        return run_id

    def publish(self, run_id: str, pull: PullRequest) -> None:
        """Note that a run's commit and pull request are ours."""
        with self.ledger.write() as db:
            runs.set_commit(db, run_id, pull.head_sha)
            pull_requests.record_opened(db, runs.get(db, run_id), pull, time.time())
            runs.set_pull_request(db, run_id, pull.number, pull.url)

    def announce_service(self) -> None:
        """Have a service that lives."""
        now = time.time()
        record = services.ServiceRecord(
            instance="processor-1",
            host="nowhere",
            pid=1,
            url="http://127.0.0.1:9",
            state="running",
            started_at=now,
            heartbeat_at=now,
        )
        with self.ledger.write() as db:
            services.announce(db, record)

    def hold(self, issue: Any) -> None:
        """Have an issue that a first start holds back."""
        with self.ledger.write() as db:
            issues.see(db, issue, Priority.MEDIUM, time.time())
            issues.hold_for_operator(db, issue.ref)


@pytest.fixture
def scene(ledger) -> Scene:
    """Set the scene in the ledger."""
    return Scene(ledger)


@pytest.fixture
def parts(online) -> Iterator[Parts]:
    """What a command that asks GitHub starts from."""
    opened = assemble(load_settings(online.configs, {}), {})
    yield opened
    opened.close()


@pytest.fixture
def read_issue(parts) -> Callable[[int], Issue]:
    """Read an issue as the commands do."""
    return lambda number: parts.github.get_issue(IssueRef(REPOSITORY, number))
