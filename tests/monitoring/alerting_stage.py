"""A real Alertmanager on the configuration that the settings give, with receivers on loopback behind its channels."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processor.alerting.alertmanager_api import CurrentAlert, NewAlert, current_alerts, own_counters, send_alerts
from processor.alerting.configuration import configuration_files
from processor.alerting.servers import running_alertmanager
from processor.settings.sections import Alerting
from tests.monitoring.conftest import ROOT, Tools
from tests.monitoring.receivers import MailServer, WebServer, wait_for

TOKEN = "open-sesame"
#: The addresses that people would see; nobody listens there.
EXTERNAL_URL = "http://alertmanager.example.com:9093"
#: So that a test waits for messages, not for the clock.
_QUICK = {"group_wait": "300ms", "group_interval": "1s"}


@dataclass(frozen=True)
class Stage:
    """An Alertmanager that runs, and what stands behind its channels."""

    url: str
    folder: Path
    mail: MailServer
    web: WebServer

    def fire(self, name: str, severity: str = "high", **labels: str) -> None:
        """Have an alert fire from now on, for a day."""
        now = time.time()
        named = {"alertname": name, "severity": severity, "service": "aip", **labels}
        alert = NewAlert(labels=named, annotations={"summary": name}, starts_at=now, ends_at=now + 86400)
        send_alerts(self.url, [alert])

    def alert(self, name: str) -> CurrentAlert | None:
        """Look an alert up by its name."""
        return next((alert for alert in current_alerts(self.url) if alert.alert == name), None)

    def attempts(self, receiver: str) -> float:
        """Count the requests that Alertmanager made for a receiver, failed ones included."""
        counted = own_counters(self.url, ["alertmanager_notification_requests_total"])
        return sum(value for _, labels, value in counted if labels["receiver_name"] == receiver)

    def wait(self, look: Callable[[], Any], what: str) -> Any:
        """Wait for the first answer of `look` that is not empty."""
        return wait_for(lambda: look() or None, what)


@contextmanager
def alerting_stage(
    tools: Tools,
    folder: Path,
    *,
    timezone: str = "Asia/Tokyo",
    repeat: str = "1h",
    mail_server: MailServer | None = None,
    counts_each: bool = True,
    **changes: Any,
) -> Iterator[Stage]:
    """Run it all; `changes` are settings of `alerting`, `counts_each` whether receivers have counters of their own."""
    with (mail_server or MailServer()).running() as mail, WebServer().running() as web:
        settings = {
            "processor_url": web.url,
            "secrets_directory": str(folder / "secrets"),
            "email": {"smtp_server": f"127.0.0.1:{mail.port}", "smtp_user": "", "require_tls": False},
        }
        _write_secrets(folder / "secrets", web.url, mail.password)
        config = _write_configuration(folder, Alerting(**settings | changes), timezone, repeat)
        flags = ["--enable-feature=receiver-name-in-metrics"] if counts_each else []
        options = [f"--web.external-url={EXTERNAL_URL}", *flags]
        with running_alertmanager(tools.alertmanager, folder, config, options=options) as server:
            yield Stage(server.url, folder, mail, web)


def _write_secrets(folder: Path, url: str, password: str) -> None:
    folder.mkdir(parents=True)
    (folder / "alerts_token").write_text(TOKEN)
    (folder / "smtp_password").write_text(password)
    for name in ("slack", "webhook", "dead_mans_switch"):
        (folder / f"{name}_url").write_text(f"{url}/{name}")


def _write_configuration(folder: Path, alerting: Alerting, timezone: str, repeat: str) -> Path:
    (folder / "templates").mkdir()
    for template in (ROOT / "alertmanager" / "templates").iterdir():
        (folder / "templates" / template.name).write_bytes(template.read_bytes())
    quick = _QUICK | {"repeat_interval": repeat}
    for name, text in configuration_files(alerting, timezone).items():
        changed = re.sub(
            r"\b(group_wait|group_interval|repeat_interval): \S+", lambda m: f"{m[1]}: {quick[m[1]]}", text
        )
        (folder / name).write_text(changed, encoding="utf-8")
    return folder / "alertmanager.yml"
