"""Old settings become ours where they mean something, and no secret is ever copied."""

import json
from dataclasses import asdict

import pytest

from processor.operations.legacy.old_settings import translate
from processor.settings.sections import GateFile, MainFile
from tests.operations import old_installation

TEXTS = {
    "configs/auto_issue_processor.yaml": old_installation.SETTINGS,
    "configs/quality_gate.yaml": "minimum_score: 60\nsecurity_threshold: 8\n",
    "configs/environments.yaml": "production: {debug: false, log_level: WARNING, max_parallel: 5, timeout: 180}\n",
    ".env": old_installation.ENV,
}


def test_what_has_a_counterpart_is_carried_over_and_loads():
    found = translate(TEXTS)
    assert found.repository == "octo/hello"
    assert found.files["auto_issue_processor.yaml"] == {
        "dry_run": False,
        "github": {"read_attempts": 4},
        "timeout": 300,
        "max_parallel": 5,
        "intake": {"skip_labels": ["wontfix"], "poll_interval_seconds": 600},
        "log_level": "INFO",
        "logs": {"directory": "logs", "max_bytes": 10485760, "backup_count": 5},
        "timezone": "Asia/Tokyo",
        "repositories": [{"name": "octo/hello"}],
    }
    assert found.files["environments.yaml"]["production"]["log_level"] == "WARNING"
    MainFile.model_validate(found.files["auto_issue_processor.yaml"])
    GateFile.model_validate(found.files["quality_gate.yaml"])


def test_settings_of_a_backup_count_only_where_there_are_no_others():
    old = {"aip_backup_20250722.tar.gz/.env": "AUTO_ISSUE_MAX_PARALLEL=9\n"}
    assert translate({**TEXTS, **old}).files == translate(TEXTS).files
    assert translate(old).files == {"auto_issue_processor.yaml": {"max_parallel": 9}}


def test_what_is_not_carried_over_has_its_reason():
    left = {one.key: one.reason for one in translate(TEXTS).left}
    assert set(left) == {"enabled", "github.rate_limit_buffer", "processing.required_labels", "AUTO_ISSUE_CACHE_SIZE"}
    assert all(left.values())


def test_secrets_are_named_and_their_values_stand_nowhere():
    found = translate({**TEXTS, "configs/auto_issue_processor.yaml": f"dry_run: ghp_{'d' * 36}\n"})
    assert [one.key for one in found.secrets] == ["dry_run", "GITHUB_TOKEN", "CLAUDE_API_KEY"]
    told = json.dumps(asdict(found))
    assert [part for part in ("ghp_", "sk-ant", "bbbb", "cccc", "dddd") if part in told] == []


def test_variables_win_over_files_and_short_limits_are_doubted():
    short = "and with us it ends the agent, which works for minutes; take 1800 unless yours is quicker"
    assert translate(TEXTS).doubts == [
        ".env: AUTO_ISSUE_MAX_PARALLEL says 5, another one said 2; the last one is taken",
        f"auto_issue_processor.yaml: timeout is 300 s, {short}",
        f"environments.yaml: production.timeout is 180 s, {short}",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: [", "is no YAML (while parsing a flow node)"),
        ("- a", "holds no keys"),
        ("max_parallel: many", "is no number"),
        ("max_parallel: 900", "is not a whole number from 1 to 64"),
        ("dry_run: perhaps", "is neither true nor false"),
        ("processing: {skip_labels: 3}", "is no list of names"),
        ("logging: {level: LOUD}", "is no level"),
    ],
)
def test_a_wrong_file_or_value_is_left_with_its_reason(text, reason):
    found = translate({"auto_issue_processor.yaml": text})
    assert ([one.reason for one in found.left], found.files) == ([reason], {})


@pytest.mark.parametrize("text", ["a: [", "a: 2025-13-45", "[" * 3000])
def test_settings_that_are_no_yaml_are_told_and_hinder_nothing(text):
    found = translate({**TEXTS, "old/auto_issue_processor.yaml": text})
    (fault,) = [one for one in found.left if one.file == "old/auto_issue_processor.yaml"]
    assert fault.reason.startswith("is no YAML (")
    assert found.repository == "octo/hello"
