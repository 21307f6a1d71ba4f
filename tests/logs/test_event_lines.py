"""A line of the operator's log has the handbook's grammar, whatever its values hold."""

from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.errors import ErrorType
from processor.logs import service_lines
from processor.logs.event_lines import FinishedRun, Level, Line, LineType, encode, format_line, run_finished
from processor.model import IssueRef, Outcome, Priority

AT = datetime(2025, 7, 21, 10, 31, 30, 460999, tzinfo=UTC)
ISSUE = IssueRef("octo/hello", 123)
RESERVED = ("ERROR", "ISSUE_PROCESSED", "PROCESSING_COMPLETED", "PR_CREATED_SUCCESS")


def _run(outcome: Outcome, **further: object) -> FinishedRun:
    values: dict[str, object] = {
        "run_id": "123-ab", "issue": ISSUE, "outcome": outcome, "priority": Priority.HIGH, "duration_seconds": 45.2
    }  # fmt: skip
    return FinishedRun(**(values | further))  # type: ignore[arg-type]


def _lines(run: FinishedRun) -> list[str]:
    return [format_line(line, AT) for line in run_finished(run)]


def test_a_success_has_its_pull_request_and_counts_once() -> None:
    url = "https://github.com/octo/hello/pull/7"
    assert _lines(_run(Outcome.SUCCESS, pull_request=url, gate_score=92.25, attempts=2)) == [
        f"2025-07-21 10:31:30,460 INFO AutoIssueProcessor PR_CREATED_SUCCESS issue=octo/hello#123 run=123-ab url={url}",
        (
            "2025-07-21 10:31:30,460 INFO AutoIssueProcessor ISSUE_PROCESSED issue=octo/hello#123 run=123-ab "
            "status=success priority=high attempts=2 gate_score=92.2"
        ),
        (
            "2025-07-21 10:31:30,460 INFO AutoIssueProcessor PROCESSING_COMPLETED issue=octo/hello#123 run=123-ab "
            "status=success 45.20"
        ),
    ]


def test_a_failure_has_its_error_type_as_the_fifth_field() -> None:
    run = _run(Outcome.TIMEOUT, error_type=ErrorType.AGENT_TIMEOUT, message='agent ran past "1800 s"\nand ERROR')
    assert _lines(run)[0] == (
        "2025-07-21 10:31:30,460 ERROR AutoIssueProcessor agent_timeout issue=octo/hello#123 run=123-ab "
        'message="agent ran past %221800 s%22%0Aand %45RROR"'
    )
    assert len(_lines(run)) == 3


def test_a_failure_of_unknown_kind_is_other() -> None:
    assert _lines(_run(Outcome.ERROR))[0].split()[4] == "other"


@pytest.mark.parametrize(
    ("run", "types"),
    [
        (_run(Outcome.SUCCESS), ["PR_CREATED_SUCCESS", "ISSUE_PROCESSED", "PROCESSING_COMPLETED"]),
        (_run(Outcome.REJECTED), ["ISSUE_PROCESSED", "PROCESSING_COMPLETED"]),
        (
            _run(Outcome.ERROR, error_type=ErrorType.GIT),
            ["git", "ISSUE_PROCESSED", "PROCESSING_COMPLETED"],
        ),
        (_run(Outcome.CANCELLED, error_type=ErrorType.OTHER), ["RUN_CANCELLED"]),
        (_run(Outcome.SUCCESS, is_dry_run=True), ["DRY_RUN_FINISHED"]),
        (_run(Outcome.ERROR, is_dry_run=True), ["DRY_RUN_FINISHED"]),
    ],
)
def test_only_what_was_processed_counts(run: FinishedRun, types: list[str]) -> None:
    assert [line.split()[4] for line in _lines(run)] == types


@given(st.text())
def test_no_value_breaks_the_grammar(value: str) -> None:
    line = format_line(Line(Level.INFO, LineType.PROCESSING_COMPLETED, (("message", value),), "45.20"), AT)
    assert line.splitlines() == [line]
    assert line.split()[4] == "PROCESSING_COMPLETED"
    assert line.split()[-1] == "45.20"
    line.encode("utf-8")


@given(st.lists(st.sampled_from([*RESERVED, "2025-07-21", "E", "RROR", " ", "%45", "-", "2025", "07"])).map("".join))
def test_no_value_holds_a_word_or_date_that_is_searched_for(value: str) -> None:
    encoded = encode(value)
    assert not [word for word in (*RESERVED, "2025-07-21") if word in encoded]
    assert unquote(encoded).strip('"') == value


def test_a_long_value_is_cut() -> None:
    assert encode("x" * 501) == "x" * 500 + "…"


@pytest.mark.parametrize(
    "line",
    [
        service_lines.poll_finished("octo/ERROR", found=3, queued=2, skipped=1),
        service_lines.poll_failed("octo/hello", ErrorType.GITHUB_AUTH, "ERROR 401"),
        service_lines.issue_skipped(ISSUE, "label: PR_CREATED_SUCCESS"),
        service_lines.retry_scheduled(ISSUE, ErrorType.NETWORK, attempt=2, delay_seconds=5),
        service_lines.rate_limited(AT),
        service_lines.service_started("0.1.0", "host-2025-07-21"),
        service_lines.service_draining(2),
        service_lines.service_stopped("SIGTERM"),
    ],
)
def test_what_happens_between_runs_counts_neither_as_an_error_nor_as_an_issue(line: Line) -> None:
    text = format_line(line, AT)
    assert text.startswith(f"2025-07-21 10:31:30,460 {line.level} AutoIssueProcessor {line.type} ")
    assert text.count("2025-07-21") == 1
    assert not [word for word in RESERVED if word in text]
