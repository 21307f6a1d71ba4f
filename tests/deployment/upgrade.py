"""An earlier version is brought up to this one and back again, as docs/deployment.md says. For make test-deployment.

The earlier version is that before the newest two migrations, so that more than one has to be done.
"""

import io
import json
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deployment.compose_project import ROOT, VERSION, ComposeProject, copy_tree, initialised, known_files

BEFORE = f"{VERSION}-before"
MIGRATIONS = "processor/ledger/migrations/versions"


def earlier_tree() -> bytes:
    """Give the sources of the earlier version as a tar file."""
    number = sorted(path.name[:4] for path in (ROOT / MIGRATIONS).glob("[0-9]*.py"))[-2]
    added = git("log", "--reverse", "--diff-filter=A", "--format=%H %P", "--", f"{MIGRATIONS}/{number}*").decode()
    _, *parents = (added.splitlines() or [""])[0].split(" ")
    if not any(parents):
        pytest.skip("the history that holds the earlier version is not here; clone without --depth")
    return git("archive", "--format=tar", parents[0])


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True, timeout=60).stdout


@pytest.fixture(scope="module")
def earlier() -> bytes:
    return earlier_tree()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, earlier: bytes) -> Iterator[ComposeProject]:
    """Start the earlier version with the profile demo."""
    folder = tmp_path_factory.mktemp("upgrade")
    unpack(earlier, folder)
    project = initialised(folder, BEFORE)
    try:
        project.up("--build")
        yield project
    finally:
        project.compose("down", "--volumes", "--remove-orphans")


def unpack(tree: bytes, folder: Path) -> None:
    """Bring the folder to a tree, as a checkout does: what only this version has goes."""
    with tarfile.open(fileobj=io.BytesIO(tree)) as archive:
        archive.extractall(folder, filter="data")
        for name in set(known_files()).difference(archive.getnames()):
            (folder / name).unlink(missing_ok=True)


def runs(stack: ComposeProject) -> list[str]:
    """List what was recorded of each run that ended."""
    return stack.sql("SELECT run_id, outcome, finished_at FROM aip.runs WHERE outcome IS NOT NULL ORDER BY run_id")


def schema(stack: ComposeProject) -> str:
    return stack.sql("SELECT version_num FROM aip.alembic_version")[0]


@dataclass(frozen=True)
class Before:
    """What there was before the upgrade: the name of the backup, and each run that had ended."""

    backup: str
    runs: list[str]


@pytest.fixture(scope="module")
def before(stack: ComposeProject) -> Before:
    """Let the earlier version work, drain it and make its backup; the demo has no folder of settings to keep."""
    stack.wait_for(lambda: stack.successes() > 1, "two successes of the earlier version")
    aip(stack, "drain")
    made = json.loads(aip(stack, "backup", "create", "--json"))
    assert made["is_sound"]
    return Before(made["name"], runs(stack))


def aip(stack: ComposeProject, *words: str) -> str:
    return stack.compose("exec", "-T", "processor", "aip", *words)


def test_an_upgrade_with_three_processors_loses_nothing(stack: ComposeProject, before: Before) -> None:
    old_schema = schema(stack)
    copy_tree(stack.folder)
    subprocess.run(["scripts/init", "--demo", "--yes"], cwd=stack.folder, check=True, timeout=30)
    stack.set(AIP_VERSION=VERSION)
    stack.up("--build", "--force-recreate", "--scale", "processor=3")
    assert schema(stack) > old_schema
    assert runs(stack) == before.runs
    assert len(stack.containers("processor")) == 3
    aip(stack, "resume")
    stack.wait_for(lambda: stack.successes() > len(before.runs), "a further success after the upgrade")
    counted = f"sum(aip_runs_total) > {len(before.runs) - 1}"
    stack.wait_for(lambda: stack.query(counted), "the count of all runs in Prometheus")


def test_a_rollback_gives_back_what_was_there_before(stack: ComposeProject, before: Before, earlier: bytes) -> None:
    newer = schema(stack)
    stack.compose("stop", "processor", "exporter")
    successes = stack.successes()
    unpack(earlier, stack.folder)
    stack.set(AIP_VERSION=BEFORE)
    refused = stack.failure("run", "--rm", "processor", "aip", "run")
    assert f"the ledger has schema {newer}, which this program" in refused
    restore = ("aip", "backup", "restore", before.backup, "--force", "--json")
    said = stack.compose("run", "--rm", "-T", "processor", *restore)
    # What the newer version published meanwhile is adopted, so that nothing is done twice.
    assert len(json.loads(said)["adopted"]) == successes - sum("|success|" in run for run in before.runs)
    restored = runs(stack)
    assert set(before.runs) <= set(restored)
    assert schema(stack) < newer
    stack.up("--force-recreate")
    aip(stack, "resume")
    stack.wait_for(lambda: len(runs(stack)) > len(restored), "a further run of the earlier version")
    assert set(restored) <= set(runs(stack))
