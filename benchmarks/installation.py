"""The product as an operator has it: a settings folder, `aip run` as a process, and the ledger it leaves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.forge_process import ForgeProcess
from processor.ledger import queries
from processor.ledger.connection import open_ledger
from processor.ledger.records import RunRecord
from processor.model import IssueRef
from processor.settings.sections import State

INSTANCE = "bench"
_SEEN = ("PATH", "HOME", "LANG", "TMPDIR")
_LOOK_SECONDS = 0.2


@dataclass
class Installation:
    """One installation in a folder of its own, for one repository, with an instant recipe as its agent.

    Everything that is not set here is as it is by default; `settings` and `security` may be changed before the start.
    """

    root: Path
    forge: ForgeProcess
    repository: str
    settings: dict[str, Any] = field(init=False)
    security: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True)
        self.token = self.forge.do("create_token", login="octo")
        (self.root / "token").write_text(self.token)
        (self.root / "token").chmod(0o600)
        recipe = {"tool": "ruff-fix", "rules": "from_issue", "paths": "from_issue"}
        self.settings = {
            "github": {"base_url": self.forge.api_url, "token_file": str(self.root / "token")},
            "repositories": [{"name": self.repository, "agent": "ruff"}],
            "agents": {"ruff": {"kind": "recipe", "steps": [recipe]}},
            "engine": {"instance": INSTANCE},
            "state": {"directory": str(self.state)},
            "logs": {"directory": str(self.root / "logs")},
            "api": {"port": 0},
            # The automatic level would hold issues back for as long as others keep this host busy.
            "capacity": {"level": "low"},
        }

    @property
    def state(self) -> Path:
        """Give the folder of ledger, engine and mirrors."""
        return self.root / "state"

    @property
    def argv(self) -> list[str]:
        """Give the beginning of every command of this installation."""
        return [sys.executable, "-m", "processor", "--config-dir", str(self.root / "configs")]

    def environment(self, path: str | None = None) -> dict[str, str]:
        """Give what the commands see: nothing that decides anything. `path` takes the place of PATH."""
        seen = {name: os.environ[name] for name in _SEEN if name in os.environ}
        return seen if path is None else {**seen, "PATH": path}

    @contextmanager
    def service(self, path: str | None = None) -> Iterator[subprocess.Popen[bytes]]:
        """Run the service while the block lasts; it is drained at the end."""
        self.write_settings()
        output = self.root / "service.log"
        with output.open("wb") as log:
            process = subprocess.Popen(
                [*self.argv, "run"], env=self.environment(path), cwd=self.root, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            self.wait(process, lambda: "service.started" in output.read_text(), "the service to start")
            yield process
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        finally:
            process.kill()
            process.wait()

    def write_settings(self) -> None:
        """Write the settings files as they stand."""
        folder = self.root / "configs"
        folder.mkdir(exist_ok=True)
        (folder / "auto_issue_processor.yaml").write_text(yaml.safe_dump(self.settings))
        (folder / "security_settings.yaml").write_text(yaml.safe_dump(self.security))

    def wait_for_runs(self, service: subprocess.Popen[bytes], numbers: list[int]) -> list[RunRecord]:
        """Wait until the issues are processed and nothing is left of their runs, and give the runs in that order."""
        wanted = [IssueRef(self.repository, number) for number in numbers]

        def are_over() -> bool:
            return len(self._ended(wanted)) == len(wanted) and not any((self.state / "worktrees").glob("*"))

        self.wait(service, are_over, f"{len(wanted)} issues to be processed")
        runs = self._ended(wanted)
        failed = [f"{run.ref} ended {run.outcome}: {run.error_message}" for run in runs if run.outcome != "success"]
        if failed:
            raise RuntimeError("; ".join(failed))
        return runs

    def wait(self, service: subprocess.Popen[bytes], is_so: Callable[[], bool], what: str) -> None:
        """Wait for something that the service brings about.

        Raises:
            RuntimeError: the service left, or three minutes passed; the message ends with its last words.
        """
        deadline = time.monotonic() + 180
        while not is_so():
            if service.poll() is not None or time.monotonic() > deadline:
                words = (self.root / "service.log").read_text()[-2000:]
                raise RuntimeError(f"waited in vain for {what}; the service's last words: {words}")
            time.sleep(_LOOK_SECONDS)

    def _ended(self, refs: list[IssueRef]) -> list[RunRecord]:
        ledger = open_ledger(State(directory=self.state), migrate=False)
        try:
            with ledger.read() as db:
                newest = [queries.runs_of_issue(db, ref)[:1] for ref in refs]
        finally:
            ledger.close()
        return [run for found in newest for run in found if run.outcome is not None]
