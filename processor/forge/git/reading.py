"""Read commits and differences from a bare repository; what names a commit never changes and is cached."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from processor.forge.git.bare import BareRepository

FIELDS = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x01"
STATUSES = {"A": "added", "M": "modified", "D": "removed", "R": "renamed", "C": "copied", "T": "changed"}


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit; dates are ISO 8601."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    author_date: str
    committer_name: str
    committer_email: str
    committer_date: str
    message: str


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file of a difference; `patch` is None for a binary file, `previous_path` is set for a rename."""

    path: str
    previous_path: str | None
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None


def log(repository: BareRepository, revisions: str, *, limit: int = 1000, path: str = "") -> list[Commit]:
    """Return the commits that a revision or a range such as `a..b` names, newest first."""
    selection = [f"--max-count={limit}", f"--format={FIELDS}", "--end-of-options", revisions, "--"]
    output = repository.run("log", *selection, *([path] if path else []))
    return [_commit(chunk.lstrip("\n")) for chunk in output.split("\x01") if chunk.strip()]


def commit(repository: BareRepository, sha: str) -> Commit:
    """Return one commit."""
    return _cached_commit(repository.path, sha)


def changed_files(repository: BareRepository, old: str, new: str) -> tuple[ChangedFile, ...]:
    """Return what differs between two commits or trees, in git's order."""
    return _cached_changes(repository.path, old, new)


def fork_point(repository: BareRepository, base: str, head: str) -> str | None:
    """Return the best common ancestor of two commits, or None for unrelated histories."""
    return _cached_fork_point(repository.path, base, head)


def range_of(repository: BareRepository, old: str, new: str) -> tuple[Commit, ...]:
    """Return the commits that `new` has and `old` lacks, oldest first."""
    return _cached_range(repository.path, old, new)


def merged_tree(repository: BareRepository, base: str, head: str) -> str | None:
    """Return the tree of a clean merge of two commits, or None when they conflict."""
    return _cached_merge(repository.path, base, head)


def empty_tree() -> str:
    """Return the tree with nothing in it, against which a root commit is compared."""
    return "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@lru_cache(maxsize=4096)
def _cached_commit(path: Path, sha: str) -> Commit:
    return log(BareRepository(path), sha, limit=1)[0]


@lru_cache(maxsize=1024)
def _cached_fork_point(path: Path, base: str, head: str) -> str | None:
    return BareRepository(path).attempt("merge-base", base, head).stdout.decode().strip() or None


@lru_cache(maxsize=256)
def _cached_range(path: Path, old: str, new: str) -> tuple[Commit, ...]:
    return tuple(log(BareRepository(path), f"{old}..{new}")[::-1])


@lru_cache(maxsize=1024)
def _cached_merge(path: Path, base: str, head: str) -> str | None:
    done = BareRepository(path).attempt("merge-tree", "--write-tree", base, head)
    return done.stdout.decode().split("\n", 1)[0] if done.returncode == 0 else None


@lru_cache(maxsize=256)
def _cached_changes(path: Path, old: str, new: str) -> tuple[ChangedFile, ...]:
    repository = BareRepository(path)
    flags = ("diff", "--find-renames", "--no-ext-diff", "--no-color")
    raw = repository.run(*flags, "--raw", "-z", "--abbrev=40", old, new).split("\0")
    counts = repository.run(*flags, "--numstat", "-z", old, new).split("\0")
    patches = _patches(repository.run(*flags, "--patch", old, new))
    found: list[ChangedFile] = []
    while len(raw) > 1:
        meta, first = raw.pop(0).split(" "), raw.pop(0)
        is_pair = meta[4][0] in "RC"
        second = raw.pop(0) if is_pair else first
        added, deleted, _ = counts.pop(0).split("\t", 2)
        if is_pair:
            del counts[:2]
        found.append(
            ChangedFile(
                path=second,
                previous_path=first if is_pair else None,
                status=STATUSES.get(meta[4][0], "changed"),
                sha=meta[3] if meta[4][0] != "D" else meta[2],
                additions=int(added) if added != "-" else 0,
                deletions=int(deleted) if deleted != "-" else 0,
                patch=patches[len(found)] if len(found) < len(patches) else None,
            )
        )
    return tuple(found)


def _patches(output: str) -> list[str | None]:
    """Cut git's output into one patch a file, from the first hunk on, as GitHub shows it."""
    patches: list[str | None] = []
    for chunk in ("\n" + output).split("\ndiff --git ")[1:]:
        _, mark, hunks = chunk.partition("\n@@ ")
        patches.append(f"@@ {hunks}".rstrip("\n") if mark else None)
    return patches


def _commit(chunk: str) -> Commit:
    sha, tree, parents, *people, message = chunk.split("\0", 9)
    name, email, date, committer, committer_email, committer_date = people
    text = message.rstrip("\n")
    return Commit(
        sha, tree, tuple(parents.split()), name, email, date, committer, committer_email, committer_date, text
    )
