"""`aip check` finds what is missing and says what to do about it, without changing anything."""

import contextlib
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from processor.alerting.drill.loopback import Reply, Request, serving
from processor.operations.canary.issue_text import marker_of
from processor.operations.self_check.host import judge_git, judge_space
from tests.monitoring.receivers import MailServer

GB = 1000**3


def items(said) -> dict[str, list[dict[str, str]]]:
    """The findings by name."""
    found: dict[str, list[dict[str, str]]] = {}
    for item in said.json["items"]:
        found.setdefault(item["name"], []).append(item)
    return found


def states(said, name: str) -> set[str]:
    """How the findings of one name are judged."""
    return {item["state"] for item in items(said)[name]}


@pytest.mark.usefixtures("online")
def test_a_good_set_up_passes_and_nothing_is_made(aip, office, forge):
    said = aip("check", "--json")
    assert said.code == 0, said.out
    assert said.json["is_ok"] is True
    assert {"settings", "git", "agent tidy", "sandbox", "ledger", "state folder", "log folder", "port", "token"} <= set(
        items(said)
    )
    assert states(said, "octo/hello push") == {"ok"}
    assert forge.stats.writes == 0
    assert not (office.root / "state").exists()
    assert not (office.root / "logs").exists()


@pytest.mark.usefixtures("office")
def test_offline_asks_nobody(aip):
    said = aip("check", "--offline", "--json")
    assert said.code == 0
    assert "token" not in items(said)


def test_the_channels_of_reports_are_tried_and_nothing_is_sent(aip, office):
    asked: list[Request] = []

    def take(request: Request) -> Reply:
        asked.append(request)
        return Reply()

    with MailServer().running() as mail, serving(take) as place:
        (office.root / "url").write_text(f"http://{place}/hook\n", encoding="utf-8")
        (office.root / "url").chmod(0o600)
        email = {
            "to": ["ops@example.com"],
            "smtp_server": f"127.0.0.1:{mail.port}",
            "smtp_user": "",
            "require_tls": False,
        }
        webhook = {"enabled": True, "url_file": str(office.root / "url")}
        office.write_settings(alerting={"email": email}, reports={"email": {"enabled": True}, "webhook": webhook})
        found = items(aip("check", "--json"))
        assert [(one["state"], one["detail"]) for one in found["reports by email"] + found["reports by webhook"]] == [
            ("ok", f"127.0.0.1:{mail.port} takes mail to ops@example.com"), ("ok", "127.0.0.1 answers"),
        ]  # fmt: skip
        assert "reports by email" not in items(aip("check", "--offline", "--json"))
    assert (mail.mails, asked) == ([], [])  # what is no GET or POST is answered without it
    away = items(aip("check", "--json"))
    assert away["reports by email"][0]["detail"].endswith("did not take the report (Connection refused)")
    assert away["reports by webhook"][0]["remedy"] == "check the address in reports.webhook.url_file"


def test_a_receiver_that_the_mail_server_refuses_fails(aip, office):
    with MailServer(refused=("ops@example.com",)).running() as mail:
        email = {
            "to": ["ops@example.com"],
            "smtp_server": f"127.0.0.1:{mail.port}",
            "smtp_user": "",
            "require_tls": False,
        }
        office.write_settings(alerting={"email": email}, reports={"email": {"enabled": True}})
        (found,) = items(aip("check", "--json"))["reports by email"]
    assert (found["state"], found["remedy"]) == ("failed", "check reports.email.to")
    assert mail.mails == []


@pytest.mark.usefixtures("office")
def test_no_token_fails_with_its_remedy(aip):
    said = aip("check")
    assert said.code == 1
    assert "GITHUB_TOKEN: there is no token" in said.out
    assert "-> set GITHUB_TOKEN or github.token_file, or run `aip init`" in said.out


def test_a_token_that_is_wrong_fails(aip, online):
    (online.root / "token").write_text("ghp-nobody-knows")
    said = aip("check", "--json")
    assert said.code == 1
    assert states(said, "token") == {"failed"}


def test_a_repository_that_nobody_knows_fails(aip, online):
    online.write_settings(repositories=[{"name": "octo/nothing"}])
    said = aip("check", "--json")
    assert said.code == 1
    assert states(said, "octo/nothing repository") == {"failed"}


def test_a_sandbox_in_which_the_canary_may_not_write_fails(aip, online, forge):
    forge.create_user("somebody")
    forge.create_repository("somebody/sandbox", files={"README.md": "hello\n"})
    online.write_settings(canary={"repository": "somebody/sandbox"})
    said = aip("check", "--json")
    assert said.code == 1
    assert states(said, "octo/hello push") == {"ok"}
    assert states(said, "somebody/sandbox push") == {"failed"}
    forge.edit_repository("somebody/sandbox", has_issues=False)
    assert states(aip("check", "--json"), "somebody/sandbox issues") == {"failed"}


@pytest.mark.usefixtures("ledger")
def test_a_sandbox_that_another_installation_uses_fails(aip, online, forge):
    forge.create_repository("octo/sandbox", files={"README.md": "hello\n"})
    online.write_settings(canary={"repository": "octo/sandbox"})
    (alone,) = items(aip("check", "--json"))["canary"]
    assert (alone["state"], alone["detail"]) == ("ok", "no other installation uses octo/sandbox")
    forge.open_issue("octo/sandbox", "Canary", marker_of("0123", "3f9c02d1"), author="octo")
    (shared,) = items(aip("check", "--json"))["canary"]
    assert shared["state"] == "failed"
    assert shared["detail"].startswith("installation 3f9c02d1 uses octo/sandbox too (octo/sandbox#1 of ")
    assert shared["remedy"].endswith("when that one is gone for good, say `aip canary adopt 3f9c02d1`")


def test_a_time_out_that_hides_the_alert_is_a_warning(aip, office):
    office.write_settings(timeout=300)
    (doubt,) = [item for item in items(aip("check", "--offline", "--json"))["settings"] if item["state"] == "warning"]
    assert "timeout = 300" in doubt["detail"]
    assert "above 300 s can ever fire" in doubt["detail"]
    assert doubt["remedy"].startswith("use 600 to 1800")


def test_a_token_file_that_all_can_read_is_a_warning(aip, online):
    (online.root / "token").chmod(0o644)
    said = aip("check", "--offline", "--json")
    assert said.code == 0
    assert any(item["remedy"].startswith("chmod 600") for item in items(said)["settings"])


def test_an_agent_in_use_that_is_not_installed_fails_and_another_only_warns(aip, office):
    missing = {"kind": "command", "profile": "plain", "argv": ["no-such-agent"]}
    office.write_settings(agents={"used": missing, "spare": missing}, default_agent="used")
    said = aip("check", "--offline", "--json")
    assert said.code == 1
    assert states(said, "agent used") == {"failed"}
    assert states(said, "agent spare") == {"warning"}


def test_a_port_in_use_fails(aip, office):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        office.write_settings(api={"port": taken.getsockname()[1]})
        said = aip("check", "--offline", "--json")
    assert said.code == 1
    assert states(said, "port") == {"failed"}


def test_a_token_of_the_alerts_that_cannot_be_read_fails(aip, office):
    office.write_settings(alerting={"token_file": "gone"})
    said = aip("check", "--offline", "--json")
    assert said.code == 1
    (item,) = [item for item in said.json["items"] if item["name"] == "alerts"]
    assert item["detail"] == "alerting.token_file: the file cannot be read (No such file or directory)"


def test_a_ledger_that_is_damaged_fails(aip, office):
    (office.root / "state").mkdir()
    (office.root / "state" / "ledger.sqlite").write_text("this is no database" * 100)
    said = aip("check", "--offline", "--json")
    assert said.code == 1
    assert states(said, "ledger") == {"failed"}


def test_damaged_jobs_of_the_engine_fail_with_their_remedy(aip, office):
    (office.root / "state").mkdir()
    (office.root / "state" / "engine.sqlite").write_text("this is no database" * 100)
    (item,) = items(aip("check", "--offline", "--json"))["engine's jobs"]
    assert item["state"] == "failed"
    assert "engine.sqlite cannot be opened: file is not a database" in item["detail"]
    assert "the next start makes it anew from the ledger" in item["remedy"]


def test_jobs_of_the_engine_whose_pages_are_damaged_fail(aip, office):
    (office.root / "state").mkdir()
    jobs = office.root / "state" / "engine.sqlite"
    with contextlib.closing(sqlite3.connect(jobs)) as connection:
        connection.execute("CREATE TABLE workflow_status (name TEXT PRIMARY KEY)")
        connection.executemany("INSERT INTO workflow_status VALUES (?)", [(f"job {n}" * 50,) for n in range(100)])
        connection.commit()
    assert states(aip("check", "--offline", "--json"), "engine's jobs") == {"ok"}
    content = bytearray(jobs.read_bytes())
    content[4096:8192] = b"x" * 4096
    jobs.write_bytes(content)
    (item,) = items(aip("check", "--offline", "--json"))["engine's jobs"]
    assert item["state"] == "failed"


def test_a_python_that_may_not_be_run_is_a_finding(office):
    locked = office.root / "python"
    locked.write_text("")
    locked.chmod(0o600)
    begin = "import sys; sys.executable = sys.argv[1]; from processor.cli.main import main"
    program = f"{begin}; sys.exit(main(sys.argv[2:]))"
    done = subprocess.run(
        [sys.executable, "-c", program, str(locked), "check", "--offline"],
        cwd=office.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"recipes cannot start their tools: {locked} cannot be executed (Permission denied)" in done.stdout
    assert "-> let this user run it" in done.stdout
    assert done.stderr == ""


@pytest.mark.usefixtures("ledger")
def test_a_ledger_that_is_there_is_good(aip):
    assert states(aip("check", "--offline", "--json"), "ledger") == {"ok"}


def test_wrong_settings_are_listed_with_exit_code_2(aip, office):
    office.write_settings(max_parallel=0)
    said = aip("check")
    assert said.code == 2
    assert "max_parallel = 0: is too small" in said.err


def test_git_is_found_missing(aip, office, monkeypatch):
    monkeypatch.setenv("PATH", str(office.root))
    said = aip("check", "--offline", "--json")
    assert states(said, "git") == {"failed"}


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("git version 2.39.5", "ok"),
        ("git version 2.31.0", "ok"),
        ("git version 2.30.9", "failed"),
        ("git version 1.8", "failed"),
        ("hello", "failed"),
    ],
)
def test_git_is_judged_by_its_version(said, state):
    assert judge_git(said, "/usr/bin/git").state == state


@pytest.mark.parametrize(("free", "state"), [(6 * GB, "ok"), (2 * GB, "warning"), (GB // 2, "failed")])
def test_room_is_judged_in_the_unit_of_the_other_commands(free, state):
    found = judge_space("state folder", Path("/state"), free)
    assert (found.state, found.detail) == (state, f"/state, {free / GB:.1f} GB free")
