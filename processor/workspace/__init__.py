"""Keep one mirror per repository and give each run its own checkout at an exact commit, with the real git.

A worktree here is a folder with a small repository of its own, whose packs are hard links into the mirror's. It is not
linked with `git worktree add`: all that linked worktrees share (branches, stash, config, hooks) would let one run's
agent reach into another's, as when two agents stash at the same time and pop each other's work. Here an agent may use
git as it likes, the mirror can be hidden from it, and removing the folder leaves nothing behind.

The agent's own `.git` is never used by us. Changes are captured through the mirror, with an index that was kept apart.
"""

from processor.workspace.mirror import Mirror
from processor.workspace.push import PushEffect, PushResult
from processor.workspace.sweep import (
    drop_mirror,
    has_mirror,
    list_scratch,
    list_worktree_runs,
    remove_worktrees,
    sweep,
)

__all__ = [
    "Mirror",
    "PushEffect",
    "PushResult",
    "drop_mirror",
    "has_mirror",
    "list_scratch",
    "list_worktree_runs",
    "remove_worktrees",
    "sweep",
]
