"""The log on stdout is one JSON object a line, for our events and the libraries', without secrets."""

import io
import json
import logging
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from dbos._logger import init_logger

from processor import logs
from processor.settings.secrets import Secret
from processor.settings.sections import MainFile
from tests.logs.conftest import Written

TOKEN = "ghp_" + "0" * 36
NOON = datetime(2025, 7, 21, 21, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))


def test_a_line_begins_with_time_level_event_and_logger(written: Written) -> None:
    logs.configure_logging(MainFile(), is_terminal=False, stream=written.stream, now=lambda: NOON)
    with logs.bound(run_id="r1", issue=3):
        logs.get_logger("pipeline").info(logs.RUN_STARTED, agent="tidy")
    logs.get_logger("pipeline").info(logs.RUN_FINISHED)
    assert written.stream.getvalue().startswith(
        '{"time": "2025-07-21T12:00:00.123Z", "level": "info", "event": "run.started", "logger": "pipeline", '
    )
    assert {"agent": "tidy", "issue": 3, "run_id": "r1"}.items() <= written.events()[0].items()
    assert set(written.events()[1]) == {"time", "level", "event", "logger"}


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        (MainFile(log_level="WARNING"), ["warning"]),
        (MainFile(log_level="INFO"), ["info", "warning"]),
        (MainFile(log_level="WARNING", debug=True), ["debug", "info", "warning"]),
    ],
)
def test_the_level_comes_from_the_settings_and_debug_wins(
    written: Written, main: MainFile, expected: list[str]
) -> None:
    logs.configure_logging(main, is_terminal=False, stream=written.stream)
    log = logs.get_logger("test")
    log.debug("a.b")
    log.info("a.b")
    log.warning("a.b")
    assert [event["level"] for event in written.events()] == expected


def test_a_new_level_holds_for_loggers_that_exist(written: Written) -> None:
    log = logs.get_logger("test")
    logs.configure_logging(MainFile(log_level="ERROR"), is_terminal=False, stream=written.stream)
    log.info("a.b")
    logs.configure_logging(MainFile(), is_terminal=False, stream=written.stream)
    log.info("c.d")
    assert [event["event"] for event in written.events()] == ["c.d"]


@pytest.mark.parametrize("name", ["uvicorn.error", "apscheduler.scheduler", "dbos", "alembic.runtime", "urllib3.pool"])
def test_libraries_write_into_the_same_log(written: Written, name: str) -> None:
    logs.configure_logging(MainFile(), is_terminal=False, stream=written.stream)
    logging.getLogger(name).warning("lost %s with %s", "it", TOKEN)
    logging.getLogger(name).info("of interest to nobody")
    (event,) = written.events()
    assert (event["event"], event["level"], event["logger"]) == ("lost it with ***", "warning", name)


def test_dbos_does_not_add_an_output_of_its_own(written: Written) -> None:
    logs.configure_logging(MainFile(), is_terminal=False, stream=written.stream)
    init_logger()
    logging.getLogger("dbos").error("x")
    assert [event["event"] for event in written.events()] == ["x"]


def test_secrets_are_masked_at_any_depth(written: Written) -> None:
    Secret("odd-text/without a known shape")
    logs.configure_logging(MainFile(), is_terminal=False, stream=written.stream)
    logs.get_logger("test").info(
        f"with {TOKEN}",
        nested={"list": [f"x_{TOKEN}", ("odd-text/without a known shape",)], TOKEN: 1},
        quoted="https://host/?p=odd-text%2Fwithout%20a%20known%20shape",
        address="https://user:hunter2@example.com/octo/hello",
        header="Authorization: Bearer abc.def",
        path=Path("files") / TOKEN,
    )
    text = written.stream.getvalue()
    for secret in (TOKEN, "odd-text", "hunter2", "abc.def"):
        assert secret not in text
    assert written.events()[0]["address"] == "https://***@example.com/octo/hello"


@pytest.mark.parametrize(
    "secret",
    [
        "sk-ant-api03-" + "a-B_9" * 5,
        "sk-proj-" + "a" * 20,
        "ghp_" + "a" * 36,
        "ghs_" + "a" * 36,
        "ghs_" + "a" * 20 + ".eyJ9.sig-nature",
        "github_pat_" + "a_1" * 12,
        "AKIA" + "A" * 16,
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIIE without an end",
    ],
)
def test_what_has_the_shape_of_a_token_is_masked(secret: str) -> None:
    assert logs.Redactor().redact(f"a {secret}") == "a ***"


@pytest.mark.parametrize(
    "text",
    ["version 1.2.3.4", "dev@example.com", "https://example.com:8080/a@b", "task-force-of-sixteen-people", "sk-12"],
)
def test_what_only_resembles_a_secret_stays(text: str) -> None:
    assert logs.Redactor().redact(text) == text


def test_a_traceback_is_in_the_line_and_masked(written: Written) -> None:
    logs.configure_logging(MainFile(), is_terminal=False, stream=written.stream)
    try:
        int(f"{TOKEN}")
    except ValueError as exc:
        logs.get_logger("test").error(logs.PHASE_CRASHED, exc_info=exc)
    (event,) = written.events()
    assert event["exception"].startswith("Traceback (most recent call last):")
    assert event["exception"].endswith("ValueError: invalid literal for int() with base 10: '***'")


def test_a_line_is_always_json_and_can_always_be_written(written: Written) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    logs.configure_logging(MainFile(), is_terminal=False, stream=stream)
    logs.get_logger("test").info("a.b", name="bad-\udcff", ja="課題", ratio=float("nan"), kind=object, text='"\n')
    (line,) = raw.getvalue().splitlines()
    assert line.startswith(b'{"time"')
    assert json.loads(line.decode("ascii").replace("\\U", "\\u"))["ratio"] == "nan"
    assert written.events() == []


def test_a_terminal_gets_text_that_cannot_steer_it(written: Written) -> None:
    logs.configure_logging(MainFile(), is_terminal=True, stream=written.stream)
    logs.get_logger("test").info("a.b", title="\x1b]0;owned\x07", value=[TOKEN])
    plain = re.sub(r"\x1b\[[0-9;]*m", "", written.stream.getvalue())
    assert "a.b" in plain
    assert "***" in plain
    assert "\x1b" not in plain
    assert "\x07" not in plain


def test_the_stream_tells_whether_it_is_a_terminal(written: Written) -> None:
    logs.configure_logging(MainFile(), stream=written.stream)
    logs.get_logger("test").info("a.b")
    assert written.events()[0]["event"] == "a.b"


def test_the_time_is_now(written: Written) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    logs.configure_logging(MainFile(), is_terminal=False, stream=written.stream)
    logs.get_logger("test").info("a.b")
    assert before < datetime.fromisoformat(written.events()[0]["time"]) < before + timedelta(seconds=30)
