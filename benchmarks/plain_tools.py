"""Git and HTTP for the plain script, as directly as they can be called."""

import base64
import os
import subprocess
from pathlib import Path
from typing import Any

import requests


class PlainGit:
    """A bare mirror and the server behind it. Call it with a git command; it gives what the command printed."""

    def __init__(self, mirror: Path, url: str, token: str) -> None:
        self._mirror = mirror
        self._url = url
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        self._access = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{url}.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
        }
        self._identity = {
            f"GIT_{role}_{name}": value
            for role in ("AUTHOR", "COMMITTER")
            for name, value in (("NAME", "plain"), ("EMAIL", "plain@localhost"))
        }
        subprocess.run(["git", "init", "--quiet", "--bare", str(mirror)], check=True)

    def __call__(
        self, *arguments: str, worktree: Path | None = None, index: Path | None = None, stdin: bytes = b""
    ) -> bytes:
        """Run one command on the mirror's objects."""
        places = {"GIT_DIR": str(self._mirror)}
        if worktree is not None:
            places["GIT_WORK_TREE"] = str(worktree)
        if index is not None:
            places["GIT_INDEX_FILE"] = str(index)
        done = subprocess.run(
            ["git", *arguments],
            cwd=worktree or self._mirror,
            env={**os.environ, **self._access, **self._identity, **places},
            input=stdin,
            capture_output=True,
            check=True,
        )
        return done.stdout

    def fetch(self) -> None:
        """Bring every branch."""
        options = ("--quiet", "--prune", "--no-tags", "--no-auto-gc", "--no-write-fetch-head")
        self("fetch", *options, self._url, "+refs/heads/*:refs/origin/*")

    def ls_remote(self, branch: str) -> bytes:
        """Ask where a branch stands."""
        return self("ls-remote", "--heads", self._url, f"refs/heads/{branch}")

    def push(self, commit: str, branch: str) -> None:
        """Create a branch."""
        ref = f"refs/heads/{branch}"
        self("push", "--porcelain", "--no-verify", f"--force-with-lease={ref}:", self._url, f"{commit}:{ref}")


class PlainHttp:
    """One connection to the REST calls of one repository."""

    def __init__(self, base: str, token: str) -> None:
        self._base = base
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **query: str) -> Any:
        """Read something."""
        answer = self._session.get(self._base + path, params=query, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, **fields: object) -> Any:
        """Write something."""
        answer = self._session.post(self._base + path, json=fields, timeout=30)
        answer.raise_for_status()
        return answer.json()
