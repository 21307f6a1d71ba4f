"""The workload opens issues, has pull requests merged and closed, and never runs out of work."""

from collections import Counter

import pytest

from processor.demo.publishing import ROBOT
from processor.demo.workload import Workload, prepare, take_turn
from processor.forge import Forge

PACKAGE = "croniter"


@pytest.fixture(scope="module")
def forge(tmp_path_factory):
    with Forge(tmp_path_factory.mktemp("forge")) as forge:
        yield forge


@pytest.fixture(scope="module")
def workload(forge) -> Workload:
    return prepare(forge, PACKAGE, "a-token-of-our-own")


def propose(forge: Forge, workload: Workload, branch: str, files: dict[str, str]) -> int:
    forge.commit_files(workload.repository, files, branch=branch, author=ROBOT)
    opened = forge.open_pull(workload.repository, title=branch, head=branch, author=ROBOT, is_draft=True)
    return opened.issue.number


def test_a_turn_opens_the_next_issue_and_a_round_begins_anew(forge, workload):
    begun = len(forge.issues(workload.repository))
    wanted = [request.issue.title for request in workload.requests]
    assert len(wanted) > 8
    for _ in range(len(wanted) + 1):
        take_turn(forge, workload)
    titles = [issue.title for issue in forge.issues(workload.repository)][begun:]
    assert titles == [wanted[(begun + place) % len(wanted)] for place in range(len(wanted) + 1)]
    assert any(request.restored is None for request in workload.requests)


def test_prepared_again_it_goes_on_where_it_was(forge, workload):
    before = len(forge.issues(workload.repository))
    again = prepare(forge, PACKAGE, "a-token-of-our-own")
    take_turn(forge, again)
    assert again == workload
    assert len(forge.issues(workload.repository)) == before + 1


def test_what_waited_longest_is_merged_or_closed_and_three_stay_open(forge, workload):
    numbers = [propose(forge, workload, f"change-{n}", {f"note-{n}.md": f"{n}\n"}) for n in range(7)]
    conflicts = [propose(forge, workload, f"conflict-{n}", {"note-0.md": f"other {n}\n"}) for n in range(4)]
    take_turn(forge, workload)
    states = {n: forge.pull(workload.repository, n) for n in (*numbers, *conflicts)}
    assert [n for n, pull in states.items() if pull.issue.state == "open"] == conflicts[-3:]
    merged = {n for n, pull in states.items() if pull.pull.merged_at is not None}
    assert merged == {n for n in numbers if n % 6}
    assert Counter(pull.issue.state for pull in states.values()) == {"closed": 8, "open": 3}
