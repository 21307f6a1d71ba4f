"""Nothing that an agent plants in a worktree, or in the mirror itself, is run by our later commands."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from processor.errors import ProcessorError
from processor.workspace import Mirror
from tests.workspace.conftest import LIMIT, Remote, run_git

HOOKS = ("post-checkout", "pre-push", "reference-transaction", "post-index-change", "pre-auto-gc", "pre-commit")


class Trap:
    """A program that leaves a mark when it is run, and the places of one repository where it can be planted."""

    def __init__(self, folder: Path, root: Path, worktree: Path) -> None:
        self.mark = folder / "was-run"
        self.program = folder / "trap.sh"
        self.program.write_text(f"#!/bin/sh\ntouch '{self.mark}'\ncat\n")
        self.program.chmod(0o755)
        self.mirror = root / "mirrors" / "octo__demo.git"
        self.worktree = worktree
        self.config = (
            f"[core]\n\tfsmonitor = {self.program}\n\tsshCommand = {self.program}\n\thooksPath = {self.mirror}/hooks\n"
            f"\taskPass = {self.program}\n\talternateRefsCommand = {self.program}\n"
            f'[filter "trap"]\n\tclean = {self.program}\n\tsmudge = {self.program}\n\trequired = true\n'
            f'[diff "trap"]\n\ttextconv = {self.program}\n\tcommand = {self.program}\n'
            f"[diff]\n\texternal = {self.program}\n"
            f"[credential]\n\thelper = !{self.program}\n"
        )

    def config_of_mirror(self) -> None:
        with (self.mirror / "config").open("a") as file:
            file.write(self.config)
        (self.worktree / ".gitattributes").write_text("* filter=trap diff=trap\n")

    def included_config(self) -> None:
        (self.mirror / "more").write_text(self.config)
        with (self.mirror / "config").open("a") as file:
            file.write("[include]\n\tpath = more\n")
        (self.worktree / ".gitattributes").write_text("* filter=trap\n")

    def config_of_another_directory(self) -> None:
        other = self.mirror.parent / "other"
        run_git(self.mirror.parent, "clone", "--quiet", "--bare", str(self.mirror), str(other))
        with (other / "config").open("a") as file:
            file.write(self.config)
        (self.mirror / "commondir").write_text(str(other))
        (self.worktree / ".gitattributes").write_text("* filter=trap\n")

    def link_instead_of_config(self) -> None:
        elsewhere = self.mirror.parent / "elsewhere"
        elsewhere.write_text((self.mirror / "config").read_text() + self.config)
        (self.mirror / "config").unlink()
        (self.mirror / "config").symlink_to(elsewhere)
        (self.worktree / ".gitattributes").write_text("* filter=trap\n")

    def hooks(self) -> None:
        for folder in (self.mirror / "hooks", self.worktree / ".git" / "hooks"):
            folder.mkdir(exist_ok=True)
            for name in HOOKS:
                (folder / name).write_bytes(self.program.read_bytes())
                (folder / name).chmod(0o755)

    def attributes_of_mirror(self) -> None:
        self.config_of_mirror()
        (self.mirror / "info").mkdir(exist_ok=True)
        (self.mirror / "info" / "attributes").write_text("* filter=trap diff=trap\n")

    def config_of_worktree(self) -> None:
        (self.worktree / ".git" / "config").write_text(self.config)
        (self.worktree / ".gitattributes").write_text("* filter=trap diff=trap\n")

    def git_file_elsewhere(self) -> None:
        fake = self.worktree.parent / "fake"
        run_git(self.worktree.parent, "clone", "--quiet", "--bare", str(self.worktree), str(fake))
        (fake / "config").write_text(f"[core]\n\tbare = false\n\tworktree = {self.worktree}\n{self.config}")
        (self.worktree / ".git").rename(self.worktree.parent / "true-git")
        (self.worktree / ".git").write_text(f"gitdir: {fake}\n")

    def nested_repository(self) -> None:
        nested = self.worktree / "nested"
        nested.mkdir()
        run_git(nested, "init", "--quiet")
        (nested / "file").write_text("x")
        run_git(nested, "add", "--all")
        run_git(nested, "commit", "--quiet", "-m", "x")
        with (nested / ".git" / "config").open("a") as file:
            file.write(self.config)


PLANTS: tuple[Callable[[Trap], None], ...] = (
    Trap.config_of_mirror,
    Trap.included_config,
    Trap.config_of_another_directory,
    Trap.link_instead_of_config,
    Trap.hooks,
    Trap.attributes_of_mirror,
    Trap.config_of_worktree,
    Trap.git_file_elsewhere,
    Trap.nested_repository,
)


@pytest.fixture
def trap(tmp_path: Path, root: Path, worktree: Path) -> Trap:
    return Trap(tmp_path, root, worktree)


def whole_run(mirror: Mirror, trap: Trap, base: str) -> None:
    """Do everything that follows an agent's work."""
    change = mirror.capture_change(trap.worktree, base, LIMIT)
    assert change is not None
    steps: tuple[Callable[[], object], ...] = (
        mirror.fetch,
        lambda: mirror.apply_change(mirror.add_worktree("8", base, "change"), change),
        lambda: mirror.tracked_files(base),
        lambda: mirror.push(
            mirror.commit(change, message="Fix", name="Bot", email="bot@localhost", at=1),
            "auto-fix/issue-7",
            expected=None,
        ),
        lambda: mirror.remote_branch_sha("auto-fix/issue-7"),
    )
    for step in steps:
        step()


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_what_an_agent_planted_is_not_run(
    mirror: Mirror, remote: Remote, trap: Trap, base: str, plant: Callable[[Trap], None]
) -> None:
    plant(trap)
    (trap.worktree / "README.md").write_text("changed\n")
    whole_run(mirror, trap, base)
    assert not trap.mark.exists()
    assert "auto-fix/issue-7" in remote.branches()


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_what_is_planted_while_we_work_is_gone_before_the_next_command(
    mirror: Mirror, trap: Trap, base: str, plant: Callable[[Trap], None]
) -> None:
    (trap.worktree / "README.md").write_text("changed\n")
    assert mirror.capture_change(trap.worktree, base, LIMIT) is not None
    plant(trap)
    assert mirror.add_worktree("9", base, "change").is_dir()
    assert mirror.capture_change(trap.worktree, base, LIMIT) is not None
    mirror.remove_worktrees("7")
    assert not trap.mark.exists()


@pytest.mark.parametrize(
    ("plant", "command"),
    [
        (Trap.config_of_worktree, ("status",)),
        (Trap.git_file_elsewhere, ("status",)),
        (Trap.hooks, ("checkout", "--quiet", "HEAD~0")),
        (Trap.nested_repository, ("-C", "nested", "status")),
    ],
    ids=["config", "git-file", "hook", "nested"],
)
def test_the_traps_do_work_on_a_careless_git(
    trap: Trap, plant: Callable[[Trap], None], command: tuple[str, ...]
) -> None:
    plant(trap)
    (trap.worktree / "README.md").write_text("changed\n")
    # Whether the careless git succeeds does not matter.
    with contextlib.suppress(AssertionError):
        run_git(trap.worktree, *command)
    assert trap.mark.exists()


def test_replaced_objects_and_borrowed_stores_are_not_believed(
    mirror: Mirror, trap: Trap, base: str, remote: Remote, tmp_path: Path
) -> None:
    evil = remote.commit({"README.md": "evil\n"}, branch="evil")
    mirror.fetch()
    run_git(trap.mirror, "replace", base, evil)
    (trap.mirror / "info" / "grafts").write_text(f"{base} {evil}\n")
    (trap.mirror / "objects" / "info").mkdir(exist_ok=True)
    (trap.mirror / "objects" / "info" / "alternates").write_text(f"{tmp_path}/nowhere\n")
    assert (mirror.add_worktree("9", base, "change") / "README.md").read_text() == "# Demo\n"
    assert not (trap.mirror / "objects" / "info" / "alternates").exists()


def test_git_lfs_pointers_stay_pointers(mirror: Mirror, remote: Remote) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    attributes = "*.bin filter=lfs diff=lfs merge=lfs -text\n"
    sha = remote.commit({".gitattributes": attributes, "big.bin": pointer})
    worktree = mirror.add_worktree("9", sha, "change")
    assert (worktree / "big.bin").read_text() == pointer
    assert mirror.capture_change(worktree, sha, LIMIT) is None


def test_settings_of_the_user_and_the_surroundings_do_not_matter(
    mirror: Mirror, base: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".gitconfig").write_text("[core]\n\tautocrlf = true\n[commit]\n\tgpgSign = true\n[broken\n")
    for name, value in {
        "HOME": str(tmp_path),
        "GIT_DIR": "/nowhere",
        "GIT_INDEX_FILE": "/nowhere",
        "GIT_AUTHOR_NAME": "Somebody",
        "GIT_CONFIG_PARAMETERS": "'core.bare'='maybe'",
    }.items():
        monkeypatch.setenv(name, value)
    worktree = mirror.add_worktree("9", base, "change")
    (worktree / "README.md").write_text("changed\n")
    change = mirror.capture_change(worktree, base, LIMIT)
    assert change is not None
    assert len(mirror.commit(change, message="Fix", name="Bot", email="bot@localhost", at=1)) == 40


def test_a_worktree_full_of_tricks_is_removed(mirror: Mirror, worktree: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("not ours")
    (worktree / "link").symlink_to(precious)
    (worktree / "closed" / "deeper").mkdir(parents=True)
    (worktree / "closed" / "deeper" / "file").write_text("x")
    (worktree / "closed" / "deeper").chmod(0)
    (worktree / "closed").chmod(0o500)
    os.mkfifo(worktree / "pipe")
    mirror.remove_worktrees("7")
    assert not worktree.exists()
    assert (precious / "file").read_text() == "not ours"


def test_a_socket_or_pipe_in_the_worktree_does_not_stop_us(mirror: Mirror, worktree: Path, base: str) -> None:
    os.mkfifo(worktree / "pipe")
    (worktree / "README.md").write_text("changed\n")
    try:
        change = mirror.capture_change(worktree, base, LIMIT)
    except ProcessorError as exc:
        pytest.fail(str(exc))
    assert change is not None
    assert change.files == ("README.md",)
