"""The whole product as an operator has it: the installed `aip`, a settings folder, and a forge in GitHub's place."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import yaml

from processor.forge import Forge
from processor.ledger import queries
from processor.ledger.connection import Ledger, open_ledger
from processor.ledger.records import RunRecord
from processor.model import IssueRef
from processor.settings.sections import State
from tests.forked import Forked, run_aip, start_aip
from tests.ports import own_port

Service = Forked | subprocess.Popen[bytes]
REPOSITORY = "octo/hello"
AIP = Path(sys.executable).parent / "aip"
AGENT = Path(__file__).parent / "scripted_agent.py"
FILES = {
    "greeting.py": 'def greet() -> str:\n    """Say helo."""\n    return "helo"\n',
    "README.md": "# Hello\n",
}


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """Wait for a condition and give its value; fail with a sentence when it does not come."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:g} s in vain for {what}")


@dataclass
class System:
    """One installation in a folder of its own."""

    root: Path
    forge: Forge
    token: str
    settings: dict[str, Any] = field(default_factory=dict)
    gate: dict[str, Any] = field(default_factory=dict)
    security: dict[str, Any] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)  #: further ones of the operator's shell
    _ledger: Ledger | None = None

    def __post_init__(self) -> None:
        self.marks.mkdir(parents=True)
        kinds = ("edit", "wait", "break", "hang", "fail", "lie")
        self.settings = {
            "max_parallel": 3,
            "github": {
                "base_url": self.forge.api_url,
                "token_file": str(self.root / "token"),
                "seconds_between_requests": 0,
                "seconds_between_writes": 0,
                "timeout_seconds": 10,
            },
            "repositories": [
                {"name": REPOSITORY, "agent": "edit", "agent_by_label": {f"agent:{kind}": kind for kind in kinds}}
            ],
            "agents": {
                kind: {
                    "kind": "command",
                    "profile": "plain",
                    "prompt": "stdin",
                    "argv": [sys.executable, str(AGENT), kind, str(self.marks)],
                    "timeout_seconds": 2 if kind == "hang" else 60,
                }
                for kind in kinds
            },
            # Tests run on machines that are busy with tests.
            "capacity": {"level": "low"},
            "intake": {"poll_interval_seconds": 0.5, "first_start_limit": 500},
            "engine": {
                "poll_seconds": 0.1,
                "drain_seconds": 20,
                "instance": "host-a",
                "retries": {
                    name: {"attempts": 4, "first_delay_seconds": 0.2, "factor": 1}
                    for name in ("network", "git", "github_api", "github_rate_limit")
                },
            },
            "publish": {"follow_up_seconds": 0.5, "max_pull_requests_per_hour": 1000, "max_open_pull_requests": 1000},
            "state": {"directory": str(self.root / "state")},
            "logs": {"directory": str(self.root / "logs")},
            "api": {"port": 0},
        }
        (self.root / "token").write_text(self.token)
        (self.root / "token").chmod(0o600)

    @property
    def marks(self) -> Path:
        """Where scripted agents and checks leave and look for signs."""
        return self.root / "marks"

    def take_alerts(self, token: str) -> str:
        """Have the service take alerts from whoever shows the token, and tell the address that it will have."""
        port = own_port()
        (self.root / "alerts_token").write_text(token)
        self.settings |= {"api": {"port": port}, "alerting": {"token_file": str(self.root / "alerts_token")}}
        return f"http://127.0.0.1:{port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the operator's shell has: no token, and of ours the place of the settings."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"AUTO_ISSUE_CONFIG_DIR": str(self.root / "configs"), "PYTHONWARNINGS": "default"}
        return {**kept, **own, **self.variables}

    def write_settings(self) -> None:
        """Write the settings files as they stand."""
        directory = self.root / "configs"
        directory.mkdir(exist_ok=True)
        for name, data in (
            ("auto_issue_processor.yaml", self.settings),
            ("quality_gate.yaml", self.gate),
            ("security_settings.yaml", {"sandbox": "off", **self.security}),
        ):
            (directory / name).write_text(yaml.safe_dump(data))

    def open_issue(self, title: str = "Fix the greeting", **options: Any) -> IssueRef:
        """Open a labelled issue by its owner."""
        labels = ["auto-processable", *options.pop("labels", [])]
        issue = self.forge.open_issue(
            REPOSITORY,
            title,
            options.pop("body", "It says helo."),
            labels=labels,
            author=options.pop("author", "octo"),
            **options,
        )
        return IssueRef(REPOSITORY, issue.number)

    def start(self, instance: str | None = None, *arguments: str) -> Forked:
        """Start `aip run`, forked from a process that has imported it."""
        environment, log = self._prepare(instance)
        service = start_aip(["run", *arguments], env=environment, cwd=self.root, stdout=log)
        self.services.append(service)
        return service

    def start_installed(self) -> subprocess.Popen[bytes]:
        """Start the installed `aip run`, for what only the whole program shows."""
        environment, path = self._prepare(None)
        with path.open("wb") as log:
            service = subprocess.Popen(
                [AIP, "run"], env=environment, cwd=self.root, stdout=log, stderr=subprocess.STDOUT
            )
        self.services.append(service)
        return service

    def _prepare(self, instance: str | None) -> tuple[dict[str, str], Path]:
        self.write_settings()
        named = {} if instance is None else {"AUTO_ISSUE_INSTANCE": instance}
        return {**self.environment, **named}, self.root / f"service-{len(self.services)}.log"

    def kill(self, service: Service) -> None:
        """Pull the plug."""
        service.kill()
        service.wait()

    def stop(self, service: Service, seconds: float = 60) -> int:
        """Ask the service to end and wait."""
        service.send_signal(signal.SIGTERM)
        return service.wait(seconds)

    def aip(self, *arguments: str, seconds: float = 90) -> subprocess.CompletedProcess[str]:
        """Run a command of the operator's."""
        self.write_settings()
        return run_aip(arguments, env=self.environment, cwd=self.root, timeout=seconds)

    @property
    def ledger(self) -> Ledger:
        """What was recorded."""
        if self._ledger is None:
            self._ledger = open_ledger(State(directory=self.root / "state"))
        return self._ledger

    def runs(self, ref: IssueRef) -> tuple[RunRecord, ...]:
        """Read the runs of an issue, newest first."""
        if not (self.root / "state" / "ledger.sqlite").exists():
            return ()
        with self.ledger.read() as db:
            return queries.runs_of_issue(db, ref)

    def wait_for_outcome(self, ref: IssueRef, seconds: float = 120) -> RunRecord:
        """Wait until the newest run of an issue has its outcome."""

        def ended() -> RunRecord | None:
            found = self.runs(ref)
            return found[0] if found and found[0].outcome is not None else None

        try:
            run: RunRecord = wait_until(ended, f"the outcome of {ref}", seconds)
        except AssertionError as exc:
            raise AssertionError(f"{exc}\n{self.log()}") from exc
        return run

    def log(self) -> str:
        """Read what the services printed last."""
        return "\n".join(path.read_text()[-6000:] for path in sorted(self.root.glob("service-*.log")))

    def events(self, name: str, service: int = 0) -> list[dict[str, Any]]:
        """Read what a service printed of one kind; a line that is being written is none yet."""
        lines = (self.root / f"service-{service}.log").read_text().splitlines(keepends=True)
        printed = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]
        return [event for event in printed if event["event"] == name]

    def url(self) -> str:
        """Tell where the newest service answers."""

        def found() -> str | None:
            return next((event["url"] for event in self.events("service.started", len(self.services) - 1)), None)

        url: str = wait_until(found, "the service to start")
        return url

    def get(self, path: str) -> Any:
        """Ask the newest service's API."""
        with urllib.request.urlopen(self.url() + path, timeout=60) as answer:  # noqa: S310  # our own loopback server
            text = answer.read().decode()
        return json.loads(text) if path.startswith("/api/") else text

    def assert_one_pull_request(self, ref: IssueRef) -> int:
        """Assert one branch, one open pull request and one success; give the pull request's number."""
        run = self.wait_for_outcome(ref)
        assert (run.outcome, run.error_message) == ("success", None), self.log()
        branches = [name for name in self.forge.branches(REPOSITORY) if name != "main"]
        assert branches == [f"auto-fix/issue-{ref.number}"], branches
        pulls = self.forge.pulls(REPOSITORY)
        assert len(pulls) == 1, pulls
        return run.pull_request or 0

    def assert_nothing_left(self) -> None:
        """Assert that no worktree and no program of ours is left."""
        worktrees = self.root / "state" / "worktrees"
        wait_until(lambda: not worktrees.exists() or not any(worktrees.iterdir()), "the worktrees to go")
        wait_until(lambda: not self.programs(), "the agents' programs to end")

    def programs(self) -> list[int]:
        """Find what agents of this installation left running."""
        found = []
        for process in psutil.process_iter():
            try:
                if str(self.root) in process.environ().get("AIP_WORKTREE", "") or str(self.marks) in process.cmdline():
                    found.append(process.pid)
            except psutil.Error:
                continue
        return found

    def close(self) -> None:
        """End the services that a test left."""
        if self._ledger is not None:
            self._ledger.close()
        for service in self.services:
            if service.poll() is None:
                self.kill(service)
