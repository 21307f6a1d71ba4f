"""The handbook's three alerts and an imported one, from what happens in an installation to people, and back."""

import email
import email.policy
import json
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from processor.ledger import endings, progress, runs
from processor.ledger.connection import Ledger
from processor.model import IssueRef, Outcome, Phase, Priority
from tests.acceptance.monitored import Monitored, monitored
from tests.acceptance.system import REPOSITORY, System, wait_until
from tests.monitoring.alerting_stage import TOKEN, Stage, alerting_stage
from tests.monitoring.conftest import Tools, tools  # noqa: F401  # the fixture
from tests.monitoring.quick_prometheus import Yaml, write_quick_rules

#: What each says, by the channels that it must take.
SAID = {
    ("AipHighErrorRate", "e-mail"): r"\d+(\.\d+)?% of the runs of aip end in error or timeout; the limit is 10%\.",
    ("AipHighErrorRate", "Slack"): r"\d+(\.\d+)?% of the runs of aip end in error or timeout; the limit is 10%\.",
    ("AipProcessingDelay", "Slack"): r"A run of aip takes \d+m \d+s on average; the limit is 300 s\.",
    ("AipMemoryUsageHigh", "e-mail"): r"\d+(\.\d+)?% of the memory of 127\.0\.0\.1:\d+ is in use; the limit is 80%\.",
    ("ImportedFirstRuns", "webhook"): r"The first runs",
}
ALERTS = {alert for alert, _ in SAID}


def test_each_reaches_its_channels_and_nobody_else_and_is_over_again(
    system: System,
    tools: Tools,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Failed runs are real. Given are three runs of 900 s in the ledger, and memory is called high from 0 % on."""
    url = system.take_alerts(TOKEN)
    system.settings["engine"]["retries"]["agent_exit"] = {"attempts": 1}
    _import_an_old_rule(system, tmp_path / "prometheus" / "rules")
    with (
        alerting_stage(tools, tmp_path / "stage", processor_url=url) as stage,
        monitored(
            system, tools, tmp_path / "prometheus", alertmanager=stage.url, rule_change=_memory_is_high_above("0")
        ) as watched,
    ):
        watched.start_exporter()
        processor = system.start()
        _wait_for_the_zeros(watched)

        refs = [system.open_issue(f"Failure {number}", labels=["agent:fail"]) for number in range(4)]
        assert [system.wait_for_outcome(ref).outcome for ref in refs] == ["error"] * 4
        _record_slow_runs(system.ledger, count=3, seconds=900)
        wait_until(lambda: _told(stage, "firing") >= set(SAID), "every channel to be told")

        refs = [system.open_issue(f"Success {number}") for number in range(4)]
        assert [system.wait_for_outcome(ref).outcome for ref in refs] == ["success"] * 4
        write_quick_rules(tmp_path / "prometheus", _memory_is_high_above("1"))
        watched.prometheus.process.send_signal(signal.SIGHUP)
        wait_until(lambda: _told(stage, "resolved") >= set(SAID), "every channel to be told of the end")
        wait_until(lambda: _incidents(system, "resolved") == ALERTS, "the incidents to be over")

        _assert_told_as_the_rules_say(stage)
        assert system.stop(processor) == 0


def _assert_told_as_the_rules_say(stage: Stage) -> None:
    messages = _messages(stage)
    assert {message[:3] for message in messages} == {
        (*told, state) for told in SAID for state in ("firing", "resolved")
    }
    for alert, channel, _, text in messages:
        assert re.search(SAID[alert, channel], text)
        assert f"/user/runbooks/{'Imported' if alert.startswith('Imported') else alert}.html" in text
    beats = wait_until(lambda: stage.web.to("/dead_mans_switch"), "the dead man's switch to be told")
    assert {alert for beat in beats for alert in _names(beat.body)} == {"Watchdog"}


def _memory_is_high_above(threshold: str) -> Callable[[Yaml], Yaml]:
    """Have the three hold and be kept for seconds where the committed rules say minutes; other rules stay."""

    def change(rule: Yaml) -> Yaml:
        if rule.get("alert") not in ALERTS:
            return rule
        expression = rule["expr"]
        if rule["alert"] == "AipMemoryUsageHigh":
            expression, limit = expression.split(" > ")
            assert limit == "0.80"
            expression = f"{expression} > {threshold}"
        return rule | {"expr": expression, "for": "1s", "keep_firing_for": "3s"}

    return change


def _import_an_old_rule(system: System, rules: Path) -> None:
    """Have a rule of the old alert manager translated; it holds for a second where the command writes a minute."""
    old = {
        "name": "first_runs",
        "condition": "total_processed >= 4 and total_processed < 8",
        "severity": "MEDIUM",
        "message": "The first runs",
        "channels": ["webhook"],
    }
    (system.root / "alert_rules.yaml").write_text(yaml.safe_dump({"rules": [old]}))
    imported = system.aip("alerts", "import", "alert_rules.yaml", "--for", "1")
    assert imported.returncode == 0, imported.stderr
    assert imported.stdout.count("for: 1m\n") == 1
    rules.mkdir(parents=True)
    (rules / "imported.yml").write_text(imported.stdout.replace("for: 1m\n", "for: 1s\n"))


def _wait_for_the_zeros(watched: Monitored) -> None:
    """Wait until the rules know how many runs there were before the first one: none."""
    for job in ("aip-exporter", "aip-processor"):
        watched.wait_for_up(job, 1)
    known = ("slo:aip_bad_events:total", "service:aip_run_duration_seconds_count:total")
    wait_until(lambda: all(watched.ask(name) for name in known), "the rules to be evaluated")
    assert not any(sample.value for name in known for sample in watched.ask(name))


def _record_slow_runs(ledger: Ledger, *, count: int, seconds: float) -> None:
    """Write runs that the gate rejects after so long, as a service writes them, begun in the past."""
    now = time.time()
    for number in range(1001, 1001 + count):
        new = runs.NewRun(
            ref=IssueRef(REPOSITORY, number),
            title="A slow one",
            priority=Priority.LOW,
            issue_created_at=now - seconds,
            discovered_at=now - seconds,
            branch=f"auto-fix/issue-{number}",
            sequence=1,
            requested_by="poll",
        )
        with ledger.write() as db:
            run_id = runs.queue(db, new, now - seconds)
            runs.release(db, run_id, "host-a", now - seconds)
            runs.start(db, run_id, "host-a", now - seconds)
            progress.start_attempt(db, run_id, 1, now - seconds)
            progress.end_attempt(db, run_id, 1, now)
            endings.finish(db, run_id, endings.Ending(outcome=Outcome.REJECTED, phase=Phase.GATE), now)
            runs.set_announced(db, run_id, now)


def _messages(stage: Stage) -> list[tuple[str, str, str, str]]:
    """Give alert, channel, state and text of everything that people were told."""
    return [
        *(_read_slack(post.body) for post in stage.web.to("/slack")),
        *(_read_webhook(post.body) for post in stage.web.to("/webhook")),
        *(_read_mail(mail.content) for mail in stage.mail.mails),
    ]


def _read_slack(body: bytes) -> tuple[str, str, str, str]:
    (shown,) = json.loads(body)["attachments"]
    (alert,) = re.findall(r"\((\w+)\)$", shown["fallback"])
    return alert, "Slack", "resolved" if shown["color"] == "good" else "firing", shown["text"]


def _read_webhook(body: bytes) -> tuple[str, str, str, str]:
    told = json.loads(body)
    (alert,) = told["alerts"]
    return alert["labels"]["alertname"], "webhook", told["status"], " ".join(alert["annotations"].values())


def _read_mail(content: bytes) -> tuple[str, str, str, str]:
    mail = email.message_from_bytes(content, policy=email.policy.default)
    ((state, alert),) = re.findall(r"^\[AUTO-ISSUE\] (\w+): (\w+) - ", mail["Subject"])
    text = mail.get_body(("plain",)).get_content()
    return alert, "e-mail", "resolved" if state == "RESOLVED" else "firing", text


def _told(stage: Stage, state: str) -> set[tuple[str, str]]:
    return {(alert, channel) for alert, channel, found, _ in _messages(stage) if found == state}


def _names(body: bytes) -> list[str]:
    return [alert["labels"]["alertname"] for alert in json.loads(body)["alerts"]]


def _incidents(system: System, state: str) -> set[str]:
    return {
        incident["alert"]
        for incident in system.get("/api/alerts")["incidents"]
        if incident["last_status"] == state and incident["alert"] in ALERTS
    }
