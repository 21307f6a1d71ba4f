"""Write commits, merges and refs into a bare repository without a worktree."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from processor.forge.git.bare import BareRepository, GitError

Files = Mapping[str, str | bytes | None]


def commit_files(
    repository: BareRepository,
    branch: str,
    files: Files,
    *,
    message: str,
    author: str,
    moment: datetime,
    executables: Iterable[str] = (),
) -> str:
    """Put one commit on `branch` that writes `files` (None deletes) and return its SHA."""
    parent = repository.branch(branch)
    person = f"{author} <{author}@users.noreply.localhost> {int(moment.timestamp())} +0000"
    text = message.encode()
    parts = [
        f"commit refs/heads/{branch}\nauthor {person}\ncommitter {person}\ndata {len(text)}\n".encode() + text + b"\n"
    ]
    if parent:
        parts.append(f"from {parent}\n".encode())
    runnable = set(executables)
    for path, content in files.items():
        quoted = '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if content is None:
            parts.append(f"D {quoted}\n".encode())
            continue
        data = content.encode() if isinstance(content, str) else content
        mode = "100755" if path in runnable else "100644"
        parts.append(f"M {mode} inline {quoted}\ndata {len(data)}\n".encode() + data + b"\n")
    repository.run("fast-import", "--quiet", "--force", stdin=b"".join(parts))
    sha = repository.branch(branch)
    if sha is None:
        raise GitError(f"git fast-import left no branch {branch} in {repository.path}")
    return sha


def folder_files(folder: Path) -> tuple[dict[str, str | bytes | None], list[str]]:
    """Return the contents of a plain folder and the paths in it that are executable."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    contents: dict[str, str | bytes | None] = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
    return contents, [path.relative_to(folder).as_posix() for path in found if os.access(path, os.X_OK)]


def commit_tree(
    repository: BareRepository, tree: str, parents: Iterable[str], *, message: str, author: str, moment: datetime
) -> str:
    """Write a commit object and return its SHA; no ref moves."""
    flags = [flag for parent in parents for flag in ("-p", parent)]
    date = f"{int(moment.timestamp())} +0000"
    email = f"{author}@users.noreply.localhost"
    extra = {
        "GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date,
    }  # fmt: skip
    return repository.run("commit-tree", tree, *flags, stdin=message.encode(), extra=extra).strip()


def rebased(repository: BareRepository, base: str, head: str) -> str | None:
    """Replay the commits of `head` that `base` lacks on top of it; return the new tip, or None on a conflict."""
    with tempfile.TemporaryDirectory(prefix="forge-rebase-") as folder:
        worktree = f"{folder}/worktree"
        repository.run("worktree", "add", "--quiet", "--detach", worktree, head)
        try:
            inside = ("-C", worktree, f"--git-dir={worktree}/.git")
            if repository.attempt(*inside, "rebase", "--quiet", base).returncode:
                return None
            return repository.run(*inside, "rev-parse", "HEAD").strip()
        finally:
            repository.run("worktree", "remove", "--force", worktree)


def move_ref(repository: BareRepository, ref: str, sha: str, old: str | None = None) -> None:
    """Point a ref at a commit; with `old`, only if it still is there. Raise GitError when it is not."""
    repository.run("update-ref", ref, sha, *([old] if old else []))


def delete_ref(repository: BareRepository, ref: str) -> None:
    """Delete a ref."""
    repository.run("update-ref", "-d", ref)
