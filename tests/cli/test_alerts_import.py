"""`aip alerts import`: the handbook's rules become rules that Prometheus accepts and that fire."""

import pytest
import yaml

HANDBOOK = """\
rules:
  - name: high_error_rate
    condition: "error_rate > 0.1"
    severity: HIGH
    message: "Error rate exceeds 10%"
    channels: ["email", "slack"]

  - name: processing_delay
    condition: "avg_processing_time > 300"
    severity: MEDIUM
    message: "Processing time exceeds 5 minutes"
    channels: ["slack"]

  - name: memory_usage_high
    condition: "memory_percent > 80"
    severity: MEDIUM
    message: "Memory usage exceeds 80%"
    channels: ["email"]
"""


@pytest.fixture
def old_file(tmp_path):
    file = tmp_path / "alert_rules.yaml"
    file.write_text(HANDBOOK)
    return file


def test_the_handbooks_rules_keep_severity_message_and_channels(aip, old_file):
    said = aip("alerts", "import", str(old_file))
    assert said.code == 0
    rules = yaml.safe_load(said.out)["groups"][0]["rules"]
    assert [(rule["alert"], rule["annotations"]["summary"], {**rule["labels"], "origin": None}) for rule in rules] == [
        (
            "ImportedHighErrorRate",
            "Error rate exceeds 10%",
            {"severity": "high", "origin": None, "notify_email": "true", "notify_slack": "true"},
        ),
        (
            "ImportedProcessingDelay",
            "Processing time exceeds 5 minutes",
            {"severity": "medium", "origin": None, "notify_slack": "true"},
        ),
        (
            "ImportedMemoryUsageHigh",
            "Memory usage exceeds 80%",
            {"severity": "medium", "origin": None, "notify_email": "true"},
        ),
    ]


def test_an_alert_that_ships_already_is_told(aip, old_file):
    said = aip("alerts", "import", str(old_file), "--json")
    assert [rule["same_as"] for rule in said.json["rules"]] == [
        "AipHighErrorRate",
        "AipProcessingDelay",
        "AipMemoryUsageHigh",
    ]
    assert "AipHighErrorRate is shipped and watches the same" in said.err


@pytest.mark.parametrize(
    ("condition", "doubt"),
    [
        ("error_rate > 10", "error_rate > 10 can never hold: error_rate is between 0 and 1"),
        ("5 < error_rate", "error_rate > 5 can never hold: error_rate is between 0 and 1"),
        ("error_rate == 1.5", "error_rate == 1.5 can never hold: error_rate is between 0 and 1"),
        ("not (cpu_percent <= 100)", "cpu_percent <= 100 always holds: cpu_percent is between 0 and 100"),
        ("total_processed < 0", "total_processed < 0 can never hold: total_processed is never below 0"),
        ("cpu_percent > 90 or disk_usage > 0.8", "disk_usage > 0.8 means less than one percent: disk_usage is"),
    ],
)
def test_a_limit_in_the_wrong_unit_is_doubted(aip, tmp_path, condition, doubt):
    file = tmp_path / "alert_rules.yaml"
    file.write_text(HANDBOOK.replace("error_rate > 0.1", condition))
    said = aip("alerts", "import", str(file))
    assert said.code == 0
    assert said.err.count("doubtful: ") == 1
    assert f"  doubtful: {doubt}" in said.err


@pytest.mark.parametrize(
    "condition", ["error_rate >= 1", "error_rate == 0", "total_processed > 300", "load_average > 2"]
)
def test_a_limit_that_can_be_reached_is_not_doubted(aip, tmp_path, condition):
    file = tmp_path / "alert_rules.yaml"
    file.write_text(HANDBOOK.replace("error_rate > 0.1", condition))
    assert "doubtful" not in aip("alerts", "import", str(file)).err


def test_a_file_is_written_once_and_replaced_only_when_asked(aip, old_file, tmp_path):
    output = tmp_path / "imported.yml"
    assert aip("alerts", "import", str(old_file), "-o", str(output)).out == ""
    before = output.read_text()
    refused = aip("alerts", "import", str(old_file), "-o", str(output), "--for", "1")
    assert (refused.code, output.read_text()) == (2, before)
    assert refused.err == f"aip: {output} exists; name another file, or replace it with --force\n"
    assert aip("alerts", "import", str(old_file), "-o", str(output), "--for", "1", "--force").code == 0
    assert "for: 1m" in output.read_text()


def test_a_folder_that_is_not_there_is_named(aip, old_file, tmp_path):
    said = aip("alerts", "import", str(old_file), "-o", str(tmp_path / "nowhere" / "imported.yml"))
    assert said.code == 2
    assert "cannot be written (No such file or directory)" in said.err


def test_a_wrong_file_writes_nothing_and_says_every_fault(aip, old_file, tmp_path):
    output = tmp_path / "imported.yml"
    old_file.write_text(HANDBOOK.replace("error_rate >", "eror_rate >").replace("MEDIUM", "WARN"))
    said = aip("alerts", "import", str(old_file), "-o", str(output))
    assert (said.code, said.out, output.exists()) == (2, "", False)
    assert [line.split(": ", 2)[1].removeprefix(f"{old_file}:") for line in said.err.splitlines()] == [
        "3:17",
        "10:15",
        "16:15",
    ]


def test_a_message_is_text_and_never_a_template(aip, old_file):
    old_file.write_text(HANDBOOK.replace("Error rate exceeds 10%", "{{ query `up` }}"))
    rule = yaml.safe_load(aip("alerts", "import", str(old_file)).out)["groups"][0]["rules"][0]
    assert rule["annotations"]["summary"] == '{{ "{{" }} query `up` }}'


def test_a_folder_in_place_of_the_file_is_named(aip, tmp_path):
    said = aip("alerts", "import", str(tmp_path))
    assert said.code == 2
    assert f"{tmp_path}: file: cannot be read (Is a directory); name a file that this user may read" in said.err
