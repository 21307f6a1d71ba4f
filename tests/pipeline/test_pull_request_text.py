"""What reviewers read, and what strangers' text cannot do to it."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from processor.model import Change, GateReport, IssueRef, Usage
from processor.pipeline.pull_request_text import body, commit_message, quoted, title, usage_line
from tests.engine.test_release import BLANK

RUN = replace(
    BLANK, run_id="7-abc", ref=IssueRef("octo/hello", 7), title="Fix the greeting", agent="claude", attempts=1
)
CHANGE = Change(base_commit="a" * 40, patch=b"x", files=("greeting.py",), added_lines=1, removed_lines=2)
REPORT = GateReport(passed=True, score=93.4, minimum_score=70, risk=0.5, security_threshold=5, checks=())


def test_the_title_names_the_issue() -> None:
    assert title(RUN) == "Auto-fix: Fix the greeting (#7)"


def test_a_title_stays_on_one_line_and_within_its_limit() -> None:
    tricky = replace(RUN, title="a\nb\x1b[31m\u202e " + "c" * 500)
    written = title(tricky)
    assert written.isprintable()
    assert len(written) < 230


def test_the_commit_message_names_the_run_and_closes_its_issue_alone() -> None:
    message = commit_message(replace(RUN, title="fixes #1, GH-2 and https://github.com/o/r/issues/3"))
    assert re.findall(r"(?:#|GH-|/issues/)(\d+)", message) == ["7", "7"]
    assert message.endswith("\n\nFixes #7\n\nRun-Id: 7-abc\n")


def test_the_body_tells_what_was_done_and_what_it_cost() -> None:
    spent = (Usage(input_tokens=100, output_tokens=20, cost_dollars=0.5), Usage(input_tokens=50, cost_dollars=0.25))
    text = body(RUN, REPORT, spent, CHANGE)
    assert text.startswith("Fixes #7\n")
    assert "changed 1 file (+1 / -2)" in text
    assert text.count("score 93.4 of 100 (at least 70), security risk 0.5 of 10 (at most 5)") == 1
    assert "input tokens: 150, from cache: unknown, output tokens: 20, cost: $0.7500" in text


def test_no_file_name_leaves_its_code_span() -> None:
    named = replace(CHANGE, files=("a\n\n![x](http://x.test/x)\r`@octo` fixes #9.txt",))
    listed = [line for line in body(RUN, REPORT, (), named).splitlines() if "http://x.test" in line]
    assert listed == ["- `a  ![x](http://x.test/x) @ octo fixes # 9.txt`"]


def test_what_no_agent_said_is_unknown_and_not_nothing() -> None:
    assert usage_line(()) == "input tokens: unknown, from cache: unknown, output tokens: unknown, cost: unknown"
    assert usage_line((Usage(cost_dollars=0.0),)).endswith("cost: $0.0000")


@given(st.text(max_size=300))
def test_no_text_leaves_its_block_or_refers_to_anything(text: str) -> None:
    shown = quoted(text, 200)
    fence = shown.split("\n", 1)[0].removesuffix("text")
    assert shown.endswith(f"\n{fence}")
    inside = shown[len(fence) + 5 : -len(fence) - 1]
    assert fence not in inside
    assert not re.search(r"#\d|@\w|GH-\d", inside, re.IGNORECASE | re.ASCII)
