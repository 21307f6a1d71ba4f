"""Do the same git, HTTP and check commands as one run of the pipeline, with nothing around them.

`python -m benchmarks.plain_script API GIT TOKEN FOLDER ISSUE…` prints the seconds of each issue as a JSON list. It is
what a careful person would write in an afternoon: no ledger, no engine, no retry, no report.
"""

import ast
import base64
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import requests
from bandit.core import config, manager
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings

REPOSITORY = "octo/hello"


class Script:
    """One warm process with one connection to GitHub."""

    def __init__(self, api: str, git: str, token: str, folder: Path) -> None:
        self._api = f"{api}/repos/{REPOSITORY}"
        self._git_url = f"{git}/{REPOSITORY}.git"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        self._environment = {
            **os.environ,
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{git}/.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
        }
        self._mirror = folder / "mirror.git"
        self._worktrees = folder / "worktrees"
        self._git("clone", "--quiet", "--bare", self._git_url, str(self._mirror), cwd=folder)

    def fix(self, number: int) -> float:
        """Turn one issue into a pull request and give the seconds that it took."""
        started = time.perf_counter()
        issue = self._get(f"/issues/{number}")
        self._git("fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
        base = self._git("rev-parse", "refs/remotes/origin/main")
        self._get(f"/issues/{number}")
        change = self._worktree(f"{number}-change", base)
        path = re.findall(r"`([^`]+)`", issue["title"])[0]
        ruff = [sys.executable, "-m", "ruff", "check", "--fix", "--no-cache", "--isolated"]
        subprocess.run([*ruff, "--select", "F401", "--", path], cwd=change, check=False, capture_output=True)
        self._git("add", "--all", cwd=change)
        patch = self._git("diff", "--cached", "--binary", "--full-index", base, cwd=change, strip=False)
        self._get(f"/issues/{number}")
        judged = self._worktree(f"{number}-judged", base)
        self._git("apply", "--index", "-", cwd=judged, stdin=patch)
        self._check(judged / path)
        branch = f"auto-fix/issue-{number}"
        self._git("commit", "--quiet", "--message", f"{issue['title']}\n\nFixes #{number}\n", cwd=judged)
        self._get("/pulls", head=f"octo:{branch}", state="all")
        self._git("ls-remote", self._git_url, f"refs/heads/{branch}")
        self._git("push", "--quiet", self._git_url, f"HEAD:refs/heads/{branch}", cwd=judged)
        pull = self._post("/pulls", title=issue["title"], head=branch, base="main", body="…", draft=True)
        self._get(f"/pulls/{pull['number']}")
        self._get("/labels/auto-fix")
        self._post(f"/issues/{pull['number']}/labels", labels=["auto-fix"])
        for worktree in (change, judged):
            self._git("worktree", "remove", "--force", str(worktree))
        return time.perf_counter() - started

    def _worktree(self, name: str, commit: str) -> Path:
        path = self._worktrees / name
        self._git("worktree", "add", "--quiet", "--detach", str(path), commit)
        return path

    def _check(self, path: Path) -> None:
        """Syntax, secrets and security by the libraries that the gate uses, on the changed file."""
        ast.parse(path.read_text())
        with default_settings():
            list(scan_file(str(path)))
        scan = manager.BanditManager(config.BanditConfig(), "file", quiet=True)
        scan.discover_files([str(path)])
        scan.run_tests()

    def _git(self, *arguments: str, cwd: Path | None = None, stdin: str | None = None, strip: bool = True) -> str:
        done = subprocess.run(
            ["git", "-c", "user.name=plain", "-c", "user.email=plain@localhost", *arguments],
            cwd=cwd or self._mirror,
            env=self._environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip() if strip else done.stdout

    def _get(self, path: str, **query: str) -> dict[str, str]:
        answer = self._session.get(self._api + path, params=query, timeout=30)
        answer.raise_for_status()
        found: dict[str, str] = answer.json()
        return found

    def _post(self, path: str, **fields: object) -> dict[str, str]:
        answer = self._session.post(self._api + path, json=fields, timeout=30)
        answer.raise_for_status()
        made: dict[str, str] = answer.json()
        return made


def main() -> None:
    """Fix every issue that is named."""
    api, git, token, folder, *numbers = sys.argv[1:]
    script = Script(api, git, token, Path(folder))
    sys.stdout.write(json.dumps([script.fix(int(number)) for number in numbers]))


if __name__ == "__main__":
    main()
