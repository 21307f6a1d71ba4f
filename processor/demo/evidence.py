"""Gather what the demo left on the forge and on this machine, to be judged against what was expected."""

import re
from dataclasses import dataclass

from processor.demo.folder import DemoFolder
from processor.demo.progress import States
from processor.demo.publishing import Published
from processor.forge import Forge
from processor.forge.world.history import closed_by
from processor.processes import RUN_VARIABLE
from processor.processes.survivors import marked_with

_MENTION = re.compile(r"(?<![\w`])@([A-Za-z0-9][A-Za-z0-9-]*)")


@dataclass(frozen=True, kw_only=True)
class PullFacts:
    """One pull request on the forge.

    `closes` are the issues that merging it would close; `calls` the logins that its text would notify.
    """

    number: int
    branch: str
    is_open: bool
    is_draft: bool
    closes: frozenset[int]
    calls: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is there after the last issue has ended."""

    pulls: tuple[PullFacts, ...]
    branches: frozenset[str]
    is_main_untouched: bool
    closed_issues: tuple[int, ...] = ()
    worktrees_left: tuple[str, ...] = ()
    processes_left: tuple[int, ...] = ()
    has_canary: bool = False


def gather(forge: Forge, folder: DemoFolder, published: Published, states: States) -> Evidence:
    """Look at the forge, the worktrees and the processes."""
    repository = published.repository
    branches = forge.branches(repository)
    run_ids = [state.run.run_id for state in states if state.run is not None]
    left = [process.pid for run_id in run_ids for process in marked_with(f"{RUN_VARIABLE}={run_id}")]
    return Evidence(
        pulls=_pulls(forge, repository),
        branches=frozenset(branches),
        is_main_untouched=branches.get("main") == published.first_commit,
        closed_issues=tuple(issue.number for issue in forge.issues(repository, state="closed")),
        worktrees_left=folder.worktrees_left(),
        processes_left=tuple(sorted(left)),
        has_canary=folder.canary.exists(),
    )


def _pulls(forge: Forge, repository: str) -> tuple[PullFacts, ...]:
    bare = forge.world.repositories.bare(forge.world.repositories.get(repository))
    facts = []
    for one in forge.pulls(repository):
        message = bare.run("log", "-1", "--format=%B", one.pull.head_sha)
        text = "\n".join([one.issue.title, one.issue.body or "", message])
        facts.append(
            PullFacts(
                number=one.issue.number,
                branch=one.pull.head_ref,
                is_open=one.issue.state == "open",
                is_draft=one.pull.is_draft,
                closes=frozenset(closed_by(text)),
                calls=frozenset(_MENTION.findall(text)),
            )
        )
    return tuple(facts)
