"""Keep one mirror per repository and give each run its own checkout at an exact commit, with the real git.

A worktree here is a folder whose `.git` is its own small repository that borrows the mirror's objects. It is not
linked with `git worktree add`, because everything such worktrees share (branches, stash, config, hooks) would let one
run's agent reach into another's: a `git stash` in one run would be popped in the next. Here an agent may use git as it
likes, the mirror may be read-only for it, and removing the folder leaves nothing behind.

The agent's own `.git` is never read by us. Changes are captured through the mirror, with an index that was kept apart.
"""
