"""Both sides of the comparison, ready and warm: each does one issue when it is its turn."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import sample_repository
from benchmarks.forge_process import ForgeProcess
from benchmarks.installation import Installation
from benchmarks.same_work import calls
from benchmarks.step_times import StepTimes, has_ended, read_step_times

_HERE = Path(__file__).parent.parent


@dataclass(frozen=True)
class OurTurn:
    """What the service did for one issue."""

    steps: StepTimes
    wait_seconds: float  #: from release to the first step
    requests: list[str]


@dataclass(frozen=True)
class PlainTurn:
    """What the script did for one issue."""

    part_seconds: dict[str, float]
    requests: list[str]

    @property
    def whole_seconds(self) -> float:
        """Add up all parts."""
        return sum(self.part_seconds.values())


@dataclass(frozen=True)
class TwoSides:
    """A service and a script that wait for their next issue, each with a repository of the same files."""

    installation: Installation
    service: subprocess.Popen[bytes]
    script: subprocess.Popen[str]
    plain_repository: str

    def ours(self, module: int) -> OurTurn:
        """Open an issue for the service, and wait until nothing of it is left to do."""
        installation = self.installation
        installation.forge.forget_requests()
        number = sample_repository.open_issue(installation.forge, installation.repository, module)
        (run,) = installation.wait_for_runs(self.service, [number])
        installation.wait(self.service, lambda: has_ended(installation.state, run.run_id), "the last step")
        steps = read_step_times(installation.state, run.run_id)
        waited = steps.started_at - (run.released_at or 0.0)
        return OurTurn(steps, waited, calls(installation.forge.requests(), number))

    def plain(self, module: int) -> PlainTurn:
        """Give the script the number of an issue that was opened for it."""
        forge = self.installation.forge
        forge.forget_requests()
        number = sample_repository.open_issue(forge, self.plain_repository, module)
        if self.script.stdin is None or self.script.stdout is None:
            raise RuntimeError("the plain script was started without pipes")
        self.script.stdin.write(f"{number}\n")
        self.script.stdin.flush()
        answer = self.script.stdout.readline()
        if not answer:
            raise RuntimeError("the plain script broke; its last words are above")
        return PlainTurn(json.loads(answer), calls(forge.requests(), number))


@contextmanager
def two_sides(
    forge: ForgeProcess, root: Path, name: str, modules: int, paths: tuple[str | None, str | None] = (None, None)
) -> Iterator[TwoSides]:
    """Make both repositories and start both sides; `paths` are what they see as PATH, where it is not our own."""
    our_path, plain_path = paths
    for side in ("ours", "plain"):
        sample_repository.create(forge, f"octo/{name}-{side}", modules)
    installation = _installation(forge, root / name, f"octo/{name}-ours")
    with ExitStack() as stack:
        service = stack.enter_context(installation.service(our_path))
        script = stack.enter_context(_plain_script(forge, root / f"{name}-plain", f"octo/{name}-plain", plain_path))
        yield TwoSides(installation, service, script, f"octo/{name}-plain")


def _installation(forge: ForgeProcess, root: Path, repository: str) -> Installation:
    installation = Installation(root, forge, repository)
    installation.settings["max_parallel"] = 1
    installation.settings["github"] |= {"seconds_between_requests": 0, "seconds_between_writes": 0}
    # Follow-up would ask for pull requests by the clock, in the middle of somebody's turn.
    caps = {"max_pull_requests_per_hour": 1000, "max_open_pull_requests": 1000, "follow_up_seconds": 3600}
    installation.settings["publish"] = caps
    installation.settings["intake"] = {"poll_interval_seconds": 1}
    installation.security["sandbox"] = "off"  # the script has none either
    return installation


@contextmanager
def _plain_script(
    forge: ForgeProcess, root: Path, repository: str, path: str | None
) -> Iterator[subprocess.Popen[str]]:
    root.mkdir()
    token = forge.do("create_token", login="octo")
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.plain_script", forge.api_url, forge.url, repository, token, str(root)],
        cwd=_HERE,
        env={**os.environ, "PATH": path or os.environ["PATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as script:
        try:
            yield script
        finally:
            script.terminate()
