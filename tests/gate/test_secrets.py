"""New secrets are refused, old ones left alone, and none is ever shown."""

import pytest

from processor.gate import render_gate_table, report_to_json
from processor.model import CheckResult, FindingState
from tests.gate.conftest import Project, row

AWS = "AKIA" + "Q3EGXJ5PTWZ7HOLM"
GITHUB = "ghp_" + "a1B2c3D4e5F6a1B2c3D4e5F6a1B2c3D4e5F6"
RANDOM = "c3VwZXIgbG9uZyBzdHJpbmcgc2hvdWxkIGNhdXNlIGVub3VnaCBlbnRyb3B5"
PASSWORD = "correct-horse-7"


@pytest.mark.parametrize(
    ("line", "secret", "kind"),
    [
        (f"key = '{AWS}'", AWS, "AWS Access Key"),
        (f"token = load('{GITHUB}')", GITHUB, "GitHub Token"),
        (f"blob = '{RANDOM}'", RANDOM, "Base64 High Entropy String"),
        (f"password = '{PASSWORD}'", PASSWORD, "Secret Keyword"),
        ("text = '''-----BEGIN RSA PRIVATE KEY-----'''", "MIIB", "Private Key"),
        (f"key = '{AWS}'  # pragma: allowlist secret", AWS, "AWS Access Key"),
    ],
)
def test_a_new_secret_is_rejected_and_never_shown(project: Project, line: str, secret: str, kind: str) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"a.py": f"x = 1\n{line}\n"})
    report = project.judge()
    assert f"secrets failed: {kind} in a.py line 2; take it out and revoke it if it is real" in report.reasons
    assert secret not in report_to_json(report) + render_gate_table(report) + repr(report)


def test_an_old_secret_may_stay_and_move(project: Project) -> None:
    project.commit_base({"a.py": f"KEY = '{AWS}'\n", "b.py": "x = 1\n"})
    project.write({"a.py": "x = 1\n", "b.py": f"x = 1\nMOVED_KEY = '{AWS}'\n"})
    report = project.judge()
    assert row(report, "secrets").result is CheckResult.PASSED
    assert {one.state for one in row(report, "secrets").findings} == {FindingState.UNCHANGED}


def test_a_removed_secret_is_shown_as_fixed(project: Project) -> None:
    project.commit_base({"a.py": f"KEY = '{AWS}'\nx = 1\n"})
    project.write({"a.py": "x = 1\n"})
    assert [one.state for one in row(project.judge(), "secrets").findings] == [FindingState.FIXED]


def test_a_secret_in_a_file_that_calls_itself_binary_is_found(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"data.bin": b"\0\0\n" + AWS.encode() + b"\n", "b.py": f"K = '{AWS}'\n".encode("utf-16")})
    assert {one.path for one in row(project.judge(), "secrets").findings} == {"data.bin", "b.py"}


def test_a_secret_in_a_very_long_line_is_found(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"a.js": "x;" * 20_000 + f"k='{AWS}';" + "y;" * 20_000})
    assert row(project.judge(), "secrets").result is CheckResult.FAILED


def test_a_store_of_keys_is_refused_by_its_name(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"certs/server.p12": b"\x30\x82"})
    assert "secrets failed: certs/server.p12 is a store of keys" in project.judge().reasons


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.py", "password = os.environ['PASSWORD']"),
        ("a.py", "password = get_password('main')"),
        ("a.py", "run_id = '0f8fad5b-d9cb-469f-a165-70867728950e'"),
        ("tests/test_login.py", "login(password='hunter2hunter2')"),
        ("README.md", "password: 'change-me-please'"),
        ("poetry.lock", f"hash = '{RANDOM}'"),
    ],
)
def test_what_only_looks_like_a_secret_is_let_through(project: Project, name: str, line: str) -> None:
    project.commit_base({name: "x = 1\n"})
    project.write({name: f"x = 1\n{line}\n"})
    assert row(project.judge(), "secrets").result is CheckResult.PASSED


def test_a_secret_that_another_check_prints_is_blotted_out(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"a.py": f"x = 1\nkey = '{AWS}'\n"})
    checks = [{"name": "grep", "argv": ["sh", "-c", "grep -n key a.py; exit 1"], "findings": "lines"}]
    report = project.judge({"checks": checks})
    assert row(report, "grep").summary == "2:key = '[secret]'"
    assert AWS not in repr(report)
