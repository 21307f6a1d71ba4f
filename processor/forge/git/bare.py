"""Create a bare repository, read its refs quickly, and run git in it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

SHA = re.compile(r"^[0-9a-f]{40}$")
SETTINGS = {
    "http.receivepack": "true",
    "http.getanyfile": "false",
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "receive.hideRefs": "refs/pull",
    "receive.autogc": "false",
    "gc.auto": "0",
    "core.logAllRefUpdates": "false",
}
UPDATE_HOOK = """#!/bin/sh
for branch in $FORGE_PROTECTED_BRANCHES; do
    if [ "$1" = "refs/heads/$branch" ]; then
        echo "error: GH006: Protected branch update failed for $1." >&2
        exit 1
    fi
done
"""


class GitError(Exception):
    """Say which git command failed and what it wrote."""


def environment() -> dict[str, str]:
    """Return an environment in which git reads no settings but the repository's and ours."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Forge",
        "GIT_AUTHOR_EMAIL": "forge@users.noreply.localhost",
        "GIT_COMMITTER_NAME": "Forge",
        "GIT_COMMITTER_EMAIL": "forge@users.noreply.localhost",
    }


class BareRepository:
    """One bare repository on disk."""

    def __init__(self, path: Path) -> None:
        """Name the folder; nothing is touched."""
        self.path = path

    def create(self, default_branch: str, source: Path | None = None) -> None:
        """Create it empty, or as a copy of the working or bare repository in `source`."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if source is None:
            run(["git", "init", "--quiet", "--bare", "--template=", str(self.path)])
        else:
            run(["git", "clone", "--quiet", "--bare", "--template=", str(source), str(self.path)])
        self.run("symbolic-ref", "HEAD", f"refs/heads/{default_branch}")
        with (self.path / "config").open("a") as config:
            for key, value in SETTINGS.items():
                section, name = key.split(".")
                config.write(f"[{section}]\n\t{name} = {value}\n")
        hook = self.path / "hooks" / "update"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(UPDATE_HOOK)
        hook.chmod(0o755)

    def run(self, *arguments: str, stdin: bytes | None = None, extra: dict[str, str] | None = None) -> str:
        """Run git here and return its output as text; raise GitError when it fails."""
        done = self.attempt(*arguments, stdin=stdin, extra=extra)
        if done.returncode:
            raise GitError(f"git {arguments[0]} failed in {self.path}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout.decode(errors="replace")

    def attempt(
        self, *arguments: str, stdin: bytes | None = None, extra: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git here and return what it did, failed or not."""
        command = ["git", "--git-dir", str(self.path), *arguments]
        return subprocess.run(
            command, input=stdin or b"", capture_output=True, check=False, env=environment() | (extra or {})
        )

    def sha_of(self, ref: str) -> str | None:
        """Return the commit at the full ref name, or None when there is no such ref."""
        if ".." in ref or not ref.startswith("refs/"):
            return None
        try:
            loose = (self.path / ref).read_text().strip()
        except (OSError, ValueError):
            return self._packed().get(ref)
        return loose if SHA.match(loose) else None

    def branch(self, name: str) -> str | None:
        """Return the commit at the tip of a branch, or None."""
        return self.sha_of(f"refs/heads/{name}")

    def refs(self, prefix: str = "refs/heads/") -> dict[str, str]:
        """Return full ref name to commit for every ref that begins with `prefix`, sorted by name."""
        found = {name: sha for name, sha in self._packed().items() if name.startswith(prefix)}
        for file in (self.path / "refs").rglob("*"):
            name = file.relative_to(self.path).as_posix()
            if name.startswith(prefix) and file.is_file() and (sha := self.sha_of(name)):
                found[name] = sha
        return dict(sorted(found.items()))

    def resolve(self, revision: str) -> str | None:
        """Return the commit that a branch name, tag name, full ref or (short) SHA names, or None."""
        if SHA.match(revision):
            return revision if self.attempt("cat-file", "-e", f"{revision}^{{commit}}").returncode == 0 else None
        if (sha := self.branch(revision.removeprefix("heads/"))) is not None:
            return sha
        if revision.startswith("-"):
            return None
        done = self.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return done.stdout.decode().strip().splitlines()[-1] if done.returncode == 0 else None

    def is_ancestor(self, old: str, new: str) -> bool:
        """Tell whether `new` contains `old`."""
        return self.attempt("merge-base", "--is-ancestor", old, new).returncode == 0

    def _packed(self) -> dict[str, str]:
        try:
            lines = (self.path / "packed-refs").read_text().splitlines()
        except FileNotFoundError:
            return {}
        return {line[41:]: line[:40] for line in lines if line[:1] not in {"#", "^"}}


def run(command: list[str]) -> None:
    """Run a git command outside any repository; raise GitError when it fails."""
    done = subprocess.run(command, capture_output=True, check=False, env=environment())
    if done.returncode:
        raise GitError(f"{' '.join(command[:3])} failed: {done.stderr.decode(errors='replace').strip()}")
