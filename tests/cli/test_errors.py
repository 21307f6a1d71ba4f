"""What goes wrong is one clear message on stderr with the right exit code, never a traceback."""

import pytest


def test_every_fault_of_the_settings_is_listed_with_exit_code_2(aip, office):
    office.write_settings(max_paralel=3, timeout="soon")
    said = aip("queue", "list")
    lines = said.err.splitlines()
    assert said.code == 2
    assert len(lines) == 2
    assert "auto_issue_processor.yaml:" in lines[0]
    assert any("did you mean max_parallel?" in line for line in lines)
    assert all(line.startswith("aip: ") for line in lines)
    assert said.out == ""


def test_a_missing_settings_folder_says_how_to_make_one(aip, tmp_path):
    said = aip("--config-dir", str(tmp_path / "nowhere"), "status")
    assert said.code == 2
    assert "`aip init`" in said.err


def test_the_settings_folder_can_come_from_the_environment(aip, tmp_path, monkeypatch):
    monkeypatch.setenv("AUTO_ISSUE_CONFIG_DIR", str(tmp_path / "elsewhere"))
    assert "elsewhere" in aip("status").err


@pytest.mark.parametrize("words", [("queue", "list"), ("status",), ("logs", "1-abc"), ("queue", "show", "1-abc")])
def test_reading_a_ledger_that_is_not_there_fails_and_makes_none(aip, office, words):
    said = aip(*words)
    assert said.code == 1
    assert "there is no ledger at state/ledger.sqlite yet" in said.err
    assert not (office.root / "state").exists()


@pytest.mark.usefixtures("office")
def test_no_token_is_wrong_settings(aip):
    said = aip("explain", "octo/hello#1")
    assert said.code == 2
    assert "there is no token" in said.err


@pytest.mark.usefixtures("office")
def test_github_out_of_reach_is_a_failure(aip, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "made-up-token")
    said = aip("explain", "octo/hello#1")
    assert said.code == 1
    assert said.err.startswith("aip: ")
    assert "Traceback" not in said.err


@pytest.mark.parametrize("text", ["octo/hello", "42", "octo/hello#0", "octo/hello#x"])
@pytest.mark.usefixtures("office")
def test_what_is_no_issue_is_wrong_usage(aip, text):
    said = aip("explain", text)
    assert said.code == 2
    assert "write OWNER/REPO#N, such as octo/hello#42" in said.err
