"""An earlier version is brought up to this one and back again, as docs/deployment.md says. For make test-deployment.

The earlier version is that before the newest two migrations, so that more than one has to be done.
"""

import io
import subprocess
import tarfile
from collections.abc import Iterator
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


@pytest.fixture(scope="module")
def dump(stack: ComposeProject) -> Path:
    """Let the earlier version work, drain it and dump its database."""
    stack.wait_for(lambda: stack.successes() > 1, "two successes of the earlier version")
    stack.compose("exec", "-T", "processor", "aip", "drain")
    file = stack.folder / "before-upgrade.dump"
    file.write_bytes(stack.output("exec", "-T", "postgres", "pg_dump", "-U", "aip", "-Fc", "aip"))
    return file


def test_an_upgrade_with_three_processors_loses_nothing(stack: ComposeProject, dump: Path) -> None:
    assert dump.stat().st_size > 0
    before, old_schema = runs(stack), schema(stack)
    copy_tree(stack.folder)
    subprocess.run(["scripts/init", "--demo", "--yes"], cwd=stack.folder, check=True, timeout=30)
    stack.set(AIP_VERSION=VERSION)
    stack.up("--build", "--force-recreate", "--scale", "processor=3")
    assert schema(stack) > old_schema
    assert runs(stack) == before
    assert len(stack.containers("processor")) == 3
    stack.compose("exec", "-T", "processor", "aip", "resume")
    stack.wait_for(lambda: stack.successes() > len(before), "a further success after the upgrade")
    counted = f"sum(aip_runs_total) > {len(before) - 1}"
    stack.wait_for(lambda: stack.query(counted), "the count of all runs in Prometheus")


def test_a_rollback_gives_back_what_was_there_before(stack: ComposeProject, dump: Path, earlier: bytes) -> None:
    newer = schema(stack)
    stack.compose("stop", "processor", "exporter")
    unpack(earlier, stack.folder)
    stack.set(AIP_VERSION=BEFORE)
    refused = stack.failure("run", "--rm", "processor", "aip", "run")
    assert f"the ledger has schema {newer}, which this program" in refused
    for command in (["dropdb", "-U", "aip", "--force", "aip"], ["createdb", "-U", "aip", "aip"]):
        stack.compose("exec", "-T", "postgres", *command)
    stack.output("exec", "-T", "postgres", "pg_restore", "-U", "aip", "-d", "aip", given=dump.read_bytes())
    before = runs(stack)
    assert before
    assert schema(stack) < newer
    stack.up("--force-recreate")
    stack.compose("exec", "-T", "processor", "aip", "resume")
    stack.wait_for(lambda: len(runs(stack)) > len(before), "a further run of the earlier version")
    assert set(before) <= set(runs(stack))
