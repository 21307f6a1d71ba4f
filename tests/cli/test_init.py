"""`aip init` writes settings that work, only after GitHub agreed, and keeps the token to itself."""

import errno
import os
import pty
import select
import stat
import sys
import time
from pathlib import Path

import pytest
import yaml

from processor.settings.load import load_settings

REPOSITORY = "octo/hello"


@pytest.fixture
def token(forge) -> str:
    """A token of the owner."""
    return forge.create_token("octo")


@pytest.fixture
def empty(office, monkeypatch) -> Path:
    """A folder without settings, and a PATH on which no coding agent is installed."""
    (office.configs / "auto_issue_processor.yaml").unlink()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return office.root


@pytest.fixture
def flags(empty, forge, token) -> list[str]:
    """Options that leave nothing to ask."""
    (empty / "secret").write_text(token)
    return [
        "init",
        "--repository",
        REPOSITORY,
        "--base-url",
        forge.api_url,
        "--token-file",
        str(empty / "secret"),
        "--yes",
    ]


def test_flags_alone_write_settings_that_check_likes(aip, empty, flags, token):
    said = aip(*flags, "--no-labels")
    assert said.code == 0, said.err
    assert "next: aip check" in said.out
    settings = load_settings(empty / "configs", {})
    assert [one.name for one in settings.main.repositories] == [REPOSITORY]
    assert (settings.main.default_agent, settings.main.github.token_file) == ("tidy", empty / "secret")
    assert token not in "".join(path.read_text() for path in (empty / "configs").iterdir())
    assert {path.name for path in (empty / "configs").iterdir()} == {
        "auto_issue_processor.yaml",
        "environments.yaml",
        "quality_gate.yaml",
        "security_settings.yaml",
    }
    found = {item["name"] for item in aip("check", "--json").json["items"] if item["state"] == "failed"}
    assert found <= {"port"}  # which another program of this machine may hold


def test_the_time_zone_is_the_default_unless_said_and_is_told(aip, empty, flags, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    said = aip(*flags, "--no-labels")
    assert "zone     Asia/Tokyo: days of reports, office hours, times in messages; `timezone` in" in said.out
    assert load_settings(empty / "configs", {}).main.timezone == "Asia/Tokyo"
    aip(*flags, "--no-labels", "--force", "--timezone", "America/New_York")
    assert load_settings(empty / "configs", {}).main.timezone == "America/New_York"


def test_labels_are_created_once(aip, forge, flags):
    said = aip(*flags)
    assert said.code == 0
    names = {label.name for label in forge.labels(REPOSITORY)}
    assert {"auto-processable", "auto-fix", "auto-failed", "priority:critical", "priority:high"} <= names
    assert "labels   all were there" in aip(*flags, "--force").out


def test_settings_with_a_repository_are_kept_unless_forced(aip, empty, flags):
    aip(*flags, "--no-labels")
    main = empty / "configs" / "auto_issue_processor.yaml"
    main.write_text(main.read_text() + "max_parallel: 2\n")
    said = aip(*flags, "--no-labels")
    assert said.code == 2
    assert "lists a repository already" in said.err
    assert yaml.safe_load(main.read_text())["max_parallel"] == 2
    assert aip(*flags, "--no-labels", "--force").code == 0
    assert "max_parallel: 2" in main.with_name("auto_issue_processor.yaml.old").read_text()


def test_a_token_that_github_refuses_writes_nothing(aip, empty, flags):
    (empty / "secret").write_text("ghp-nobody-knows")
    said = aip(*flags)
    assert said.code == 1
    assert "nothing was written" in said.err
    assert list((empty / "configs").iterdir()) == []


def test_an_agent_on_the_path_is_taken_with_the_variable_that_signs_it_in(aip, empty, flags, monkeypatch):
    program = empty / "bin" / "claude"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "made-up-key")
    assert aip(*flags, "--no-labels").code == 0
    written = (empty / "configs" / "auto_issue_processor.yaml").read_text()
    assert yaml.safe_load(written)["agents"] == {
        "claude": {"kind": "command", "profile": "claude", "environment": ["ANTHROPIC_API_KEY"]}
    }
    assert "made-up-key" not in written


@pytest.mark.usefixtures("empty")
def test_what_is_missing_and_may_not_be_asked_is_wrong_usage(aip, forge):
    assert "--repository" in aip("init", "--yes").err
    said = aip("init", "--yes", "--repository", REPOSITORY, "--base-url", forge.api_url)
    assert said.code == 2
    assert "there is no token" in said.err


def test_wrong_answers_are_wrong_usage(aip, flags):
    for option, value in (
        ("--repository", "hello"),
        ("--base-url", "ftp://x"),
        ("--agent", "hal"),
        ("--timezone", "Nowhere/Land"),
    ):
        said = aip(*flags, option, value)
        assert said.code == 2
        assert repr(value) in said.err


def test_a_token_from_the_environment_is_not_written(aip, empty, forge, token, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", token)
    said = aip("init", "--repository", REPOSITORY, "--base-url", forge.api_url, "--yes", "--no-labels")
    assert said.code == 0
    assert "keep GITHUB_TOKEN set" in said.out
    assert token not in "".join(path.read_text() for path in (empty / "configs").iterdir())


def converse(root: Path, answers: list[tuple[str, str]], *arguments: str) -> tuple[int, str]:
    """Run `aip` on a terminal of its own: wait for each question, type the answer; give exit code and screen."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(root)
        os.execv(sys.executable, [sys.executable, "-m", "processor", *arguments])  # noqa: S606  # a shell is what we avoid
    screen, waiting, deadline = "", list(answers), time.monotonic() + 60
    try:
        while time.monotonic() < deadline:
            if not select.select([terminal], [], [], 0.1)[0]:
                continue
            try:
                chunk = os.read(terminal, 65536)
            except OSError as exc:
                if exc.errno == errno.EIO:
                    break
                raise
            if not chunk:
                break
            screen += chunk.decode(errors="replace")
            if waiting and waiting[0][0] in screen:
                os.write(terminal, f"{waiting.pop(0)[1]}\n".encode())
    finally:
        os.close(terminal)
        _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), screen


def test_a_conversation_hides_the_token_and_keeps_it_for_the_user_alone(empty, forge, token, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    code, screen = converse(
        empty,
        [
            ("REST address", forge.api_url),
            ("Repository", REPOSITORY),
            ("(not shown): ", token),
            ("Agent [tidy]", ""),
            ("times in messages [Europe/Berlin]", ""),
            ("Create the labels", "n"),
        ],
        "init",
    )
    assert code == 0, screen
    assert token not in screen
    kept = empty / "configs" / "github_token"
    assert kept.read_text().strip() == token
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert (empty / "configs" / ".gitignore").read_text() == "/github_token\n"
    main = load_settings(empty / "configs", {}).main
    assert (main.github.token_file, main.timezone) == (kept, "Europe/Berlin")


def test_a_wrong_answer_is_asked_for_again(empty, forge, token, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")  # as servers have it, which tells nothing of their operators
    code, screen = converse(
        empty,
        [
            ("REST address", "ftp://x"),
            ("'ftp://x' is no REST address", forge.api_url),
            ("Repository", "octo"),
            ("'octo' is not a repository", REPOSITORY),
            ("(not shown): ", token),
            ("Agent [tidy]", "hal"),
            ("there is no agent 'hal'", "tidy"),
            ("times in messages [Asia/Tokyo]", "Berlin"),
            ("'Berlin' is no time zone", ""),
            ("Create the labels", "n"),
        ],
        "init",
    )
    assert code == 0, screen
    assert load_settings(empty / "configs", {}).main.repositories[0].name == REPOSITORY


@pytest.mark.usefixtures("empty")
def test_where_nobody_answers_the_option_is_named(program):
    said = program("init", "--base-url", "https://api.github.com")
    assert said.code == 2
    assert "nobody is there to answer; say it with --repository OWNER/REPO" in said.err


def test_an_address_that_is_no_api_is_told_from_a_wrong_token(aip, forge, flags):
    said = aip(*flags, "--base-url", forge.url)
    assert said.code == 1
    assert "no REST API of GitHub answers there" in said.out
    assert "https://HOST/api/v3 for GitHub Enterprise" in said.out
    assert "new token" not in said.out
