"""Do the same git, HTTP and check commands as the pipeline for each issue, with nothing around them.

`python -m benchmarks.plain_script API GIT REPOSITORY TOKEN FOLDER` reads numbers of issues, one a line, and answers
each with a line of JSON: the seconds of every part. It is one warm process, with no ledger, no engine, no retry and no
report.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.plain_checks import check
from benchmarks.plain_tools import PlainGit, PlainHttp

_DIFF = ("--cached", "-z", "--numstat", "--patch", "--binary", "--full-index", "--find-renames", "-l1000", "--no-color")
_RUFF = ("check", "--fix", "--no-unsafe-fixes", "--output-format", "concise", "--no-cache", "--force-exclude")


@dataclass
class PlainFix:
    """One issue on its way to a pull request."""

    git: PlainGit
    http: PlainHttp
    folder: Path
    number: int
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self) -> dict[str, float]:
        """Do everything and give the seconds of each part."""
        self.folder.mkdir()
        for part in (self.prepare, self.agent, self.gate, self.publish, self.ending):
            with self._timed(part):
                part()
        return self.seconds

    def prepare(self) -> None:
        """Bring the mirror up to date and find the base commit."""
        self.issue = self.http.get(f"/issues/{self.number}")
        self.git.fetch()
        self.base = self.git("for-each-ref", "--format=%(objectname)", "refs/origin/main").decode().strip()

    def agent(self) -> None:
        """Let ruff mend the file in a worktree, and take the difference."""
        worktree, index = self._checkout("change")
        self.http.get(f"/issues/{self.number}")
        tracked = self.git("ls-tree", "-r", "-z", "--name-only", self.base).decode().split("\0")
        self.path = next(path for path in re.findall(r"`([^`]+)`", self.issue["title"]) if path in tracked)
        rule = re.findall(r"\(([A-Z]+[0-9]+)\)", self.issue["title"])[0]
        chosen = ("--isolated", "--select", rule, "--fixable", rule, "--", self.path)
        argv = [sys.executable, "-P", "-m", "ruff", *_RUFF, *chosen]
        subprocess.run(argv, cwd=worktree, check=False, capture_output=True)
        self.git("add", "--all", "--", ".", worktree=worktree, index=index)
        counted = self.git("diff-index", *_DIFF, self.base, worktree=worktree, index=index)
        self.patch = counted[counted.index(b"diff --git") :]

    def gate(self) -> None:
        """Apply the difference to a second checkout and look at the changed file, before and after."""
        worktree, index = self._checkout("judged")
        self.git("apply", "--index", "--whitespace=nowarn", "-", worktree=worktree, index=index, stdin=self.patch)
        self.http.get(f"/issues/{self.number}")
        before = self.git("cat-file", "--batch", stdin=f"{self.base}:{self.path}\n".encode()).split(b"\n", 1)[1]
        check(self.patch.decode(), before[:-1], worktree / self.path, self.folder)

    def publish(self) -> None:
        """Commit, push, open the pull request, look at it."""
        index = self.folder / "commit.index"
        title, branch = f"Auto-fix: {self.issue['title']} (#{self.number})", f"auto-fix/issue-{self.number}"
        self.git("read-tree", self.base, index=index)
        self.git("apply", "--cached", "--whitespace=nowarn", "-", index=index, stdin=self.patch)
        tree = self.git("write-tree", index=index).decode().strip()
        text = f"{title}\n\nFixes #{self.number}\n".encode()
        commit = self.git("commit-tree", tree, "-p", self.base, index=index, stdin=text).decode().strip()
        owner = self.http.get("")["owner"]["login"]
        self.http.get("/pulls", head=f"{owner}:{branch}", state="all", sort="created", direction="desc", per_page="100")
        self.git.ls_remote(branch)
        self.git.push(commit, branch)
        body = f"Fixes #{self.number}\n\nAll checks passed."
        pull = self.http.post("/pulls", title=title, head=branch, base="main", body=body, draft=True)
        self.http.get(f"/pulls/{pull['number']}")
        self.pull = int(pull["number"])

    def ending(self) -> None:
        """Tell the issue, label the pull request, clear up."""
        self.http.get(f"/issues/{self.number}/comments", per_page="100")
        self.http.post(f"/issues/{self.number}/comments", body=f"Opened #{self.pull} for this issue.")
        self.http.get(f"/issues/{self.number}")
        self.http.get("/labels/auto-fix")
        self.http.post(f"/issues/{self.pull}/labels", labels=["auto-fix"])
        shutil.rmtree(self.folder)

    def _checkout(self, name: str) -> tuple[Path, Path]:
        worktree, index = self.folder / name, self.folder / f"{name}.index"
        worktree.mkdir()
        self.git("read-tree", "--reset", "-u", self.base, worktree=worktree, index=index)
        return worktree, index

    @contextmanager
    def _timed(self, part: Callable[[], Any]) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[part.__name__] = time.perf_counter() - started


def main() -> None:
    """Fix the issues that are named, one after another."""
    api, address, repository, token, root = sys.argv[1:]
    folder = Path(root)
    http = PlainHttp(f"{api}/repos/{repository}", token)
    git = PlainGit(folder / "mirror.git", f"{address}/{repository}.git", token)
    for number in map(int, sys.stdin):
        sys.stdout.write(json.dumps(PlainFix(git, http, folder / str(number), number).run()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
