"""`aip alerts` before a real Alertmanager: what fires, silences, tests of the channels, its configuration."""

import email
import email.policy
import http.server
import re
import threading
import time
from collections.abc import Iterator

import pytest

from processor.alerting.silences import silences
from processor.ledger import incidents, queries
from processor.ledger.incidents import AlertNotice, AlertStatus
from tests.monitoring.alerting_stage import Stage, alerting_stage
from tests.monitoring.conftest import ROOT, Tools, tools  # noqa: F401  # the fixture

NOWHERE = "http://127.0.0.1:9"
DOWN = f"aip: no Alertmanager answers at {NOWHERE} (Connection refused); start it, or set alerting.alertmanager_url\n"


@pytest.fixture(scope="module")
def stage(tools: Tools, tmp_path_factory) -> Iterator[Stage]:  # noqa: F811
    with alerting_stage(tools, tmp_path_factory.mktemp("stage")) as running:
        yield running


@pytest.fixture
def watched(office, stage) -> Stage:
    """The operator's folder, with the real Alertmanager in its settings."""
    office.write_settings(alerting={"alertmanager_url": stage.url})
    return stage


def _fire(stage, name, **labels) -> None:
    stage.fire(name, **labels)
    stage.wait(lambda: stage.alert(name), f"{name} in Alertmanager")


def _listed(aip, name):
    return next(alert for alert in aip("alerts", "list", "--json").json["alerts"] if alert["alert"] == name)


def test_the_list_has_what_fires_and_whether_people_are_told(aip, watched):
    _fire(watched, "AipListed")
    assert _listed(aip, "AipListed")["state"] == "firing"
    aip("alerts", "silence", "AipListed", "--for", "5m", "--reason", "known")
    watched.wait(lambda: _listed(aip, "AipListed")["state"] == "silenced", "the silence")
    said = aip("alerts", "list", "--alert", "AipListed")
    assert said.code == 0
    heading, columns, row = said.out.splitlines()
    assert heading == "Alerts: 1"
    assert columns.split() == ["ALERT", "SEVERITY", "STATE", "SINCE", "SUMMARY"]
    assert row.split()[:3] == ["AipListed", "high", "silenced"]


def test_the_worst_comes_first_and_what_is_no_trouble_last(aip, watched):
    for severity in ("none", "page", "low", "critical", "high"):
        _fire(watched, f"AipSorted{severity}", severity=severity)
    listed = [row["labels"] for row in aip("alerts", "list", "--json").json["alerts"]]
    severities = [labels["severity"] for labels in listed if labels["alertname"].startswith("AipSorted")]
    assert severities == ["critical", "high", "low", "page", "none"]


@pytest.mark.usefixtures("watched")
def test_a_list_of_nothing_says_so(aip):
    assert aip("alerts", "list", "--alert", "AipNever").out == "Alerts: 0\n"


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("silences",),
        ("silence", "AipPollStale", "--for", "1h", "--reason", "x"),
        ("expire", "1a2b"),
        ("test", "--email"),
    ],
    ids=" ".join,
)
def test_without_alertmanager_there_is_one_clear_error(aip, office, words):
    office.write_settings(alerting={"alertmanager_url": NOWHERE})
    said = aip("alerts", *words)
    assert (said.code, said.out, said.err) == (1, "", DOWN)


def test_another_server_at_the_address_is_doubted(aip, office, forge):
    office.write_settings(alerting={"alertmanager_url": forge.url})
    said = aip("alerts", "list")
    assert said.code == 1
    assert said.err == (
        f"aip: {forge.url} refused GET /api/v2/alerts/groups with 404: Not Found; "
        "is alerting.alertmanager_url the address of Alertmanager?\n"
    )


@pytest.fixture
def chatterbox():
    """A server that says the same JSON to everything."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"hello": ["world"]}')

        def log_message(self, *_):
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("words", [("list",), ("silences",), ("expire", "1a"), ("test", "--slack")], ids=" ".join)
def test_what_does_not_speak_as_alertmanager_is_no_traceback(aip, office, chatterbox, words):
    office.write_settings(alerting={"alertmanager_url": chatterbox})
    said = aip("alerts", *words)
    assert (said.code, said.out, said.err) == (
        1,
        "",
        f"aip: what answers at {chatterbox} is no Alertmanager; set alerting.alertmanager_url to its address\n",
    )


def _incident(ledger, alert, starts_at, ends_at):
    notice = AlertNotice(
        fingerprint=alert.lower(),
        alert=alert,
        severity="high",
        labels={"alertname": alert},
        annotations={"summary": "Polling has stopped", "summary_ja": "ポーリングが止まっています"},
        status=AlertStatus.FIRING if ends_at is None else AlertStatus.RESOLVED,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    with ledger.write() as db:
        incidents.record(db, notice, time.time())


def test_the_history_needs_no_alertmanager(aip, office, ledger):
    office.write_settings(alerting={"alertmanager_url": NOWHERE})
    _incident(ledger, "AipPollStale", 1_800_000_000.0, 1_800_000_090.0)
    _incident(ledger, "AipCpuHigh", time.time() - 3600, None)
    listed = aip("alerts", "list", "--history", "--json").json["incidents"]
    assert [(one["alert"], one["last_status"]) for one in listed] == [
        ("AipPollStale", "resolved"),
        ("AipCpuHigh", "firing"),
    ]
    said = aip("alerts", "list", "--history", "--alert", "AipPollStale", "--limit", "1")
    assert said.code == 0
    heading, _, row = said.out.splitlines()
    assert heading == "Incidents: 1"
    assert "1 min 30 s" in row
    assert row.endswith("Polling has stopped")
    office.write_settings(alerting={"language": "ja"})
    assert "ポーリングが止まっています" in aip("alerts", "list", "--history").out


@pytest.mark.usefixtures("office")
def test_a_limit_without_the_history_is_wrong_usage(aip):
    said = aip("alerts", "list", "--limit", "3")
    assert (said.code, said.err) == (2, "aip: --limit goes with --history\n")


def test_a_silence_is_made_listed_ended_and_recorded(aip, watched, ledger):
    wanted = ("AipQuiet", "--for", "1d12h", "--reason", "GitHub rests", "--label", "slo=latency")
    made = aip("alerts", "silence", *wanted, "--json").json
    assert made["matchers"] == {"alertname": "AipQuiet", "slo": "latency"}
    assert made["ends_at"] == pytest.approx(time.time() + 36 * 3600, abs=60)
    (listed,) = [one for one in aip("alerts", "silences", "--json").json["silences"] if "Quiet" in one["matchers"][0]]
    assert (listed["silence_id"], listed["reason"], listed["state"]) == (made["silence"], "GitHub rests", "active")
    assert listed["matchers"] == ['alertname="AipQuiet"', 'slo="latency"']
    ended = aip("alerts", "expire", made["silence"][:8], "--reason", "it is awake")
    assert (ended.code, ended.out) == (0, 'the silence of alertname="AipQuiet", slo="latency" has ended\n')
    assert made["silence"] not in aip("alerts", "silences").out
    assert made["silence"] in aip("alerts", "silences", "--all").out
    with ledger.read() as db:
        acts = [(act.action, act.target, act.reason) for act in queries.audit_trail(db)]
    assert acts == [
        ("alerts.expire", f'alertname="AipQuiet", slo="latency" {made["silence"]}', "it is awake"),
        ("alerts.silence", f"AipQuiet slo=latency {made['silence']} for 1d12h", "GitHub rests"),
    ]
    assert watched.url


def test_a_silence_that_the_audit_cannot_take_is_told_all_the_same(aip, watched, ledger):
    with ledger.write() as db:
        db.exec_driver_sql("ALTER TABLE audit RENAME TO elsewhere")
    said = aip("alerts", "silence", "AipUnrecorded", "--for", "1h", "--reason", "x")
    (made,) = [one for one in silences(watched.url) if one.matchers == ('alertname="AipUnrecorded"',)]
    assert (said.code, said.out) == (1, "")
    assert re.fullmatch(
        rf"aip: AipUnrecorded is silent until .+; `aip alerts expire {made.silence_id}` ends it earlier, "
        r"but the audit does not say so: the ledger .+ failed: no such table: audit; .+\n",
        said.err,
    )
    ended = aip("alerts", "expire", made.silence_id)
    assert ended.code == 1
    assert ended.err.startswith(
        'aip: the silence of alertname="AipUnrecorded" has ended, but the audit does not say so: '
    )
    assert made.silence_id not in {one.silence_id for one in silences(watched.url) if one.state == "active"}


def test_a_history_that_cannot_be_read_is_one_line(aip, ledger):
    with ledger.write() as db:
        db.exec_driver_sql("DROP TABLE alert_incidents")
    said = aip("alerts", "list", "--history")
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "aip: the ledger state/ledger.sqlite failed: no such table: alert_incidents; "
        "its tables are not those of this program; restore a backup\n"
    )


@pytest.mark.usefixtures("watched")
def test_a_silence_of_what_does_not_fire_is_made_and_doubted(aip):
    said = aip("alerts", "silence", "AipTypo", "--for", "1m", "--reason", "x")
    assert said.code == 0
    assert said.out.startswith("AipTypo is silent until ")
    assert said.err == "AipTypo does not fire now; see that its name is right, `aip alerts list` shows what fires\n"


def test_a_silence_whose_label_no_firing_alert_has_is_doubted_for_its_label(aip, watched):
    _fire(watched, "AipLabelled")
    said = aip("alerts", "silence", "AipLabelled", "--label", "slo=latncy", "--for", "1s", "--reason", "x")
    assert said.out.startswith("AipLabelled slo=latncy is silent until ")
    assert said.err == (
        "AipLabelled slo=latncy does not fire now; see that name and labels are right, "
        "`aip alerts list --json` shows what fires\n"
    )


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--for", "two", "--reason", "x"), "'two' is no length of time; write it like 2h, 90m or 1d12h"),
        (("--for", "0s", "--reason", "x"), "a silence lasts more than 0 s and at most 30d, not 0s"),
        (("--for", "31d", "--reason", "x"), "a silence lasts more than 0 s and at most 30d, not 31d"),
        (("--for", "1h", "--reason", " "), "--reason is empty"),
        (("--for", "1h", "--reason", "x", "--label", "slo"), "--label slo: write it as NAME=VALUE"),
        (("--for", "1h"), "Missing option '--reason'"),
        (("--reason", "x"), "Missing option '--for'"),
    ],
)
def test_a_silence_that_cannot_be_is_wrong_usage(aip, words, told):
    said = aip("alerts", "silence", "AipPollStale", *words)
    assert said.code == 2
    assert told in said.err


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("beginning", ["zzz", ""])
def test_a_silence_that_is_unknown_cannot_be_ended(aip, beginning):
    said = aip("alerts", "expire", beginning)
    assert said.code == 2
    assert f"no silence in force begins with {beginning!r}" in said.err


def test_a_test_goes_through_every_channel_and_says_that_it_is_one(aip, watched):
    said = aip("alerts", "test", "--email", "--slack", "--webhook", "--json")
    assert said.code == 0
    assert said.json["deliveries"] == [
        {"channel": "email", "verdict": "delivered", "detail": "to ops-team@example.com"},
        {"channel": "slack", "verdict": "delivered", "detail": "to #aip-alerts"},
        {
            "channel": "webhook",
            "verdict": "delivered",
            "detail": f"to the address in {watched.folder}/secrets/webhook_url",
        },
    ]
    subjects = [
        email.message_from_bytes(mail.content, policy=email.policy.default)["Subject"] for mail in watched.mail.mails
    ]
    assert "[AUTO-ISSUE] TEST: AipNotificationTest - This is a test, nothing is wrong" in subjects
    assert "TEST: This is a test" in watched.web.to("/slack")[0].body.decode()
    assert "aip alerts silence" not in watched.web.to("/slack")[0].body.decode()
    assert b"AipNotificationTest" in watched.web.to("/webhook")[0].body
    assert [post for post in watched.web.to("/api/alerts") if b"AipNotificationTest" in post.body] == []


def test_a_second_test_is_delivered_too(aip, watched):
    for _ in range(2):
        said = aip("alerts", "test", "--slack")
        assert (said.code, said.out) == (0, "slack: delivered: to #aip-alerts\n")
    assert watched.url


@pytest.mark.usefixtures("office")
def test_a_test_of_nothing_is_wrong_usage(aip):
    said = aip("alerts", "test")
    assert (said.code, said.err) == (2, "aip: name what to test: --email, --slack, --webhook\n")


def test_what_does_not_deliver_is_told(aip, office, tools, tmp_path):  # noqa: F811
    broken = {"email": {"smtp_server": "127.0.0.1:9", "require_tls": False}, "slack": {"enabled": False}}
    with alerting_stage(tools, tmp_path / "stage", **broken) as stage:
        office.write_settings(alerting={"alertmanager_url": stage.url})
        said = aip("alerts", "test", "--email")
        assert said.code == 1
        assert "attempts failed (to ops-team@example.com); Alertmanager's log says why" in said.out
        said = aip("alerts", "test", "--slack")
        assert said.code == 2
        assert said.err == (
            "aip: Alertmanager's configuration sends nothing by slack; write it with `aip alerts configure` "
            "and have Alertmanager read it again\n"
        )


def test_what_cannot_be_known_is_not_claimed(aip, office, tools, tmp_path):  # noqa: F811
    with alerting_stage(tools, tmp_path / "stage", counts_each=False) as stage:
        office.write_settings(alerting={"alertmanager_url": stage.url})
        (delivery,) = aip("alerts", "test", "--webhook", "--json").json["deliveries"]
        assert delivery["verdict"] == "uncertain"
        assert "start it with --enable-feature=receiver-name-in-metrics" in delivery["detail"]
        assert aip("alerts", "test", "--slack").out == "slack: delivered: to #aip-alerts\n"
        aip("alerts", "silence", "AipNotificationTest", "--for", "5m", "--reason", "quiet, please")
        said = aip("alerts", "test", "--slack", "--timeout", "2")
        assert said.code == 1
        assert said.out == (
            "slack: not tried: Alertmanager made no attempt within 2 s; is a silence or an inhibition in the way?\n"
        )


@pytest.fixture
def folder(office):
    """Alertmanager's folder as it comes with the source, in the operator's folder."""
    target = office.root / "alertmanager"
    (target / "templates").mkdir(parents=True)
    for name in (
        "alertmanager.yml",
        *(f"templates/{path.name}" for path in (ROOT / "alertmanager/templates").iterdir()),
    ):
        (target / name).write_bytes((ROOT / "alertmanager" / name).read_bytes())
    return target


def test_the_configuration_follows_the_settings(aip, office, folder):
    assert aip("alerts", "configure", "--check").code == 0
    office.write_settings(timezone="Europe/Berlin", alerting={"slack": {"channel": "#night-shift"}})
    said = aip("alerts", "configure", "--check")
    assert said.code == 1
    assert "alertmanager/alertmanager.yml differs from the settings" in said.out
    said = aip("alerts", "configure", "--json")
    assert (said.code, said.json["is_written"]) == (0, True)
    assert said.json["changed"] == ["alertmanager/alertmanager.yml", "alertmanager/templates/zone.tmpl"]
    assert '"#night-shift"' in (folder / "alertmanager.yml").read_text()
    assert 'tz "Europe/Berlin"' in (folder / "templates" / "zone.tmpl").read_text()
    assert aip("alerts", "configure", "--check").code == 0


def test_addresses_that_are_examples_are_pointed_at(aip, office, folder):
    said = aip("alerts", "configure")
    assert said.err == "ops-team@example.com is an example; set alerting.email, or alerting.email.enabled to false\n"
    office.write_settings(alerting={"email": {"to": ["ops@aip.test"], "smtp_server": "mail.aip.test:587"}})
    said = aip("alerts", "configure", "--directory", str(folder))
    assert said.err == ""
    assert "/etc/alertmanager/secrets/smtp_password         the password at the mail server\n" in said.out


def test_a_secret_that_is_missing_on_this_machine_is_told(aip, office, folder, tmp_path):
    (tmp_path / "slack_url").write_text("http://127.0.0.1/slack")
    office.write_settings(alerting={"secrets_directory": str(tmp_path), "webhook": {"enabled": False}})
    said = aip("alerts", "configure", "--directory", str(folder))
    assert f"{tmp_path}/slack_url             the address of Slack's incoming webhook\n" in said.out
    assert f"{tmp_path}/dead_mans_switch_url  the address of the dead man's switch (not there yet)\n" in said.out


@pytest.mark.usefixtures("office")
def test_a_folder_that_is_not_alertmanagers_is_refused(aip):
    said = aip("alerts", "configure", "--directory", "elsewhere")
    assert said.code == 2
    assert said.err == (
        "aip: elsewhere is not Alertmanager's folder, it has no templates/email.tmpl; "
        "copy alertmanager/ of the source tree, or name its place with --directory\n"
    )


def test_a_running_alertmanager_reads_what_was_written(aip, office, tools, tmp_path):  # noqa: F811
    with alerting_stage(tools, tmp_path / "stage") as stage:
        office.write_settings(alerting={"alertmanager_url": stage.url, "slack": {"enabled": False}})
        assert aip("alerts", "configure", "--directory", str(stage.folder), "--reload").code == 0
        assert aip("alerts", "test", "--slack").code == 2
        (stage.folder / "templates" / "slack.tmpl").write_text("{{ broken")
        said = aip("alerts", "configure", "--directory", str(stage.folder), "--reload")
        assert said.code == 1
        assert "refused POST /-/reload with 500: failed to reload config" in said.err
