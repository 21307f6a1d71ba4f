"""Keep a forge busy as people would: an issue is opened, a pull request merged or closed, and so on without an end.

Whose turn it is, is read from the forge itself: a workload that is started again goes on where it was.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby, zip_longest
from pathlib import Path

from processor.demo.defects import Defect, find_defects
from processor.demo.hostile_issues import hostile_issues
from processor.demo.issue_texts import issue_of
from processor.demo.plan import MAINTAINER, PlannedIssue
from processor.demo.publishing import ROBOT, publish, repository_of, write_tree
from processor.demo.sources import CodeBase, read_code_base
from processor.forge import Forge
from processor.forge.refusals import Refusal

#: After so many issues that can be mended comes one that cannot.
_MENDED_BETWEEN_HOSTILE = 7
#: Pull requests that stay open, so that there is always something to review.
_LEFT_OPEN = 3
_CLOSED_ONE_IN = 6


@dataclass(frozen=True, kw_only=True)
class Request:
    """An issue to open, and the file that is to be as it was at first; None when the issue mends nothing."""

    issue: PlannedIssue
    restored: str | None = None


@dataclass(frozen=True, kw_only=True)
class Workload:
    """What people ask for, one after the other and from the start again."""

    repository: str
    code_base: CodeBase
    requests: tuple[Request, ...]


def prepare(forge: Forge, package: str, token: str) -> Workload:
    """Put the sources of a package on the forge, if they are not there, and let the robot in with `token`.

    Raises:
        UsageError: the package is not there or has no Python sources.
        ResourceError: ruff or codespell does not work here.
    """
    code_base = read_code_base(package)
    repository = repository_of(code_base)
    with tempfile.TemporaryDirectory(prefix="aip-tree-") as name:
        tree = Path(name).resolve()
        write_tree(code_base, tree)
        defects = find_defects(tree, code_base.oldest_python)
        if repository not in {known.full_name for known in forge.repositories()}:
            publish(forge, code_base, tree, ())
    with suppress(Refusal):  # it has this token since an earlier start
        forge.create_token(ROBOT, value=token)
    requests = tuple(_requests(defects, hostile_issues(_target(code_base))))
    return Workload(repository=repository, code_base=code_base, requests=requests)


def take_turn(forge: Forge, workload: Workload) -> None:
    """Open the next issue, and decide on the pull requests that waited longest."""
    opened = len(forge.issues(workload.repository))
    request = workload.requests[opened % len(workload.requests)]
    if request.restored is not None and opened >= len(workload.requests):
        # The second time round the defect may have been mended: somebody brings it back.
        files = {request.restored: workload.code_base.files[request.restored]}
        forge.commit_files(workload.repository, files, message=f"Revert {request.restored}", author=MAINTAINER)
    issue = request.issue
    forge.open_issue(workload.repository, issue.title, issue.body, labels=issue.all_labels, author=issue.author)
    _review(forge, workload.repository)


def _requests(defects: Sequence[Defect], hostile: Sequence[PlannedIssue]) -> Iterator[Request]:
    for position, defect in enumerate(_mixed(defects), start=1):
        yield Request(issue=issue_of(defect), restored=defect.path)
        if position % _MENDED_BETWEEN_HOSTILE == 0:
            yield Request(issue=hostile[position // _MENDED_BETWEEN_HOSTILE % len(hostile)])


def _mixed(defects: Sequence[Defect]) -> Iterator[Defect]:
    """Take one of each priority in turn: the defects come with the urgent ones first."""
    by_priority = [list(group) for _, group in groupby(defects, key=lambda defect: defect.priority)]
    return (defect for row in zip_longest(*by_priority) for defect in row if defect is not None)


def _target(code_base: CodeBase) -> str:
    modules = [path for path in code_base.python_files if path.endswith(".py") and "/__" not in path]
    return (modules or list(code_base.python_files))[0]


def _review(forge: Forge, repository: str) -> None:
    numbers = sorted(pull.issue.number for pull in forge.pulls(repository, state="open"))
    for number in numbers[:-_LEFT_OPEN]:
        if number % _CLOSED_ONE_IN == 0:
            forge.close_pull(repository, number, actor=MAINTAINER)
            continue
        try:
            forge.merge_pull(repository, number, method="squash", actor=MAINTAINER, force=True)
        except Refusal:  # it conflicts with what was merged meanwhile
            forge.close_pull(repository, number, actor=MAINTAINER)
