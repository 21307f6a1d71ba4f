"""Reports reach people by e-mail and webhook, are sent again until they do, and each way out is counted."""

import email
import email.policy
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from processor.alerting.drill.loopback import Reply, Request, serving
from processor.errors import DeliveryError
from processor.ledger import families, queries, reports
from processor.ledger.connection import Ledger
from processor.ledger.reports import MadeReport
from processor.model import ReportChannel, ReportKind
from processor.reports.delivery.sending import next_attempt_at
from processor.reports.delivery.webhook import try_out
from processor.settings.sections.reports import ReportWebhook
from tests.certificates import make_authority
from tests.exporter.moments import Clock
from tests.monitoring.receivers import MailServer
from tests.ports import own_port
from tests.reports.conftest import Make
from tests.reports.scene import Scene, at

HOUR = 3600.0
DUE = at("2026-11-20T08:30")


def _sent(ledger: Ledger, kind: str = "daily") -> dict[str, tuple[str, int, str | None]]:
    with ledger.read() as db:
        (newest,) = queries.reports_made(db, 1, kind)
    return {one.channel: (one.state, one.attempts, one.last_error) for one in newest.deliveries}


def _counted(ledger: Ledger) -> dict[tuple[str, str, str], float]:
    with ledger.read() as db:
        found = queries.totals_of(db, families.REPORT_DELIVERIES)
    return {(one.labels["report"], one.labels["channel"], one.labels["result"]): one.value for one in found}


def _have_the_week_reported(service: Make, clock: Clock) -> None:
    """Leave only the day to report, and let its time come."""
    service().look()
    clock.now = DUE


def _plain_server(port: int) -> dict[str, Any]:
    return {"to": ["ops@example.com"], "smtp_server": f"127.0.0.1:{port}", "smtp_user": "", "require_tls": False}


def test_the_mail_has_text_html_that_needs_no_style_sheet_and_the_page_as_a_file(
    service: Make, eventful: Scene, clock: Clock, tmp_path: Path
) -> None:
    clock.now = DUE
    make_authority(tmp_path)
    (tmp_path / "password").write_text("open-sesame\n", encoding="utf-8")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "server.pem")
    with MailServer(tls=tls, password="open-sesame").running() as server:
        settings = {"to": ["ops@example.com", "boss@example.com"], "sender": "aip@example.com",
                    "smtp_server": f"127.0.0.1:{server.port}", "smtp_user": "aip"}  # fmt: skip
        given = {"enabled": True, "password_file": tmp_path / "password", "ca_file": tmp_path / "ca.pem"}
        service(ledger=eventful.ledger, alerting={"email": settings, "language": "ja"}, email=given).look()
    assert [mail.to for mail in server.mails] == [("ops@example.com", "boss@example.com")] * 2
    messages = [email.message_from_bytes(mail.content, policy=email.policy.default) for mail in server.mails]
    (message,) = [one for one in messages if "日次" in one["Subject"]]
    assert isinstance(message, EmailMessage)
    with eventful.ledger.read() as db:
        content = json.loads(queries.report_content(db, "daily", "2026-11-19") or "")
    number = content["summary"]["total_issues_processed"]
    assert message["Subject"].startswith(f"[AUTO-ISSUE] 日次レポート 2026-11-19（木）: 処理 {number} 件、成功率 ")
    assert message["Message-ID"] == "<daily-report-2026-11-19.20261120T083000@example.com>"
    bodies = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    texts = {kind: body.get_content() for kind, body in bodies.items() if body is not None}
    assert texts["plain"].startswith("日次レポート 2026-11-19（木）\n")
    assert "<style" not in texts["html"]
    assert "<svg" not in texts["html"]
    assert "github_api" in texts["html"]
    (page,) = [part.get_content() for part in message.iter_attachments()]
    assert "<svg" in page
    assert _counted(eventful.ledger)["daily", "email", "delivered"] == 1


def test_a_webhook_gets_the_json_once(service: Make, scene: Scene, clock: Clock, tmp_path: Path) -> None:
    clock.now = DUE
    posts: list[Request] = []

    def take(request: Request) -> Reply:
        posts.append(request)
        return Reply()

    with serving(take) as place:
        (tmp_path / "url").write_text(f"http://{place}/hook?key=hidden\n", encoding="utf-8")
        here = service(webhook={"enabled": True, "url_file": tmp_path / "url"})
        here.look()
        here.look()
    assert [post.path for post in posts] == ["/hook?key=hidden"] * 2
    assert {json.loads(post.body)["kind"] for post in posts} == {"daily", "weekly"}
    assert {post.headers["idempotency-key"] for post in posts} == {
        "daily-report-2026-11-19.20261120T083000", "weekly-report-2026-11-09.20261120T083000",
    }  # fmt: skip
    assert _sent(scene.ledger) == {"webhook": ("delivered", 1, None)}


def test_a_report_goes_to_its_address_and_follows_no_redirect(service: Make, scene: Scene, tmp_path: Path) -> None:
    elsewhere: list[Request] = []

    def take(request: Request) -> Reply:
        elsewhere.append(request)
        return Reply()

    with serving(take) as stranger, _redirecting_to(f"http://{stranger}/") as place:
        (tmp_path / "url").write_text(f"http://{place}/hook\n", encoding="utf-8")
        service(webhook={"enabled": True, "url_file": tmp_path / "url"}).look()
    assert elsewhere == []
    assert _sent(scene.ledger)["webhook"][:2] == ("waiting", 1)


@contextmanager
def _redirecting_to(url: str) -> Iterator[str]:
    """Serve nothing but the way to another place."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(307)
            self.send_header("location", url)
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_what_did_not_arrive_is_sent_again_later_and_the_address_stays_hidden(
    service: Make, scene: Scene, clock: Clock, tmp_path: Path
) -> None:
    _have_the_week_reported(service, clock)
    answers = [503, 302, 200, 200, 200, 200]

    def take(_request: Request) -> Reply:
        return Reply(answers.pop(0))

    with serving(take) as place:
        (tmp_path / "url").write_text(f"http://{place}/hook?key=hidden\n", encoding="utf-8")
        here = service(webhook={"enabled": True, "url_file": tmp_path / "url"})
        here.look()
        assert _sent(scene.ledger) == {
            "webhook": (
                "waiting", 1,
                "127.0.0.1 answered 503 to the report; it must answer 2xx at the address in reports.webhook.url_file",
            )
        }  # fmt: skip
        clock.now += 59
        here.look()
        assert _sent(scene.ledger)["webhook"][1] == 1
        clock.now += 1
        here.look()
        clock.now += 120
        here.look()
    assert _sent(scene.ledger) == {"webhook": ("delivered", 3, None)}
    assert _counted(scene.ledger)["daily", "webhook", "failed"] == 2
    assert _counted(scene.ledger)["daily", "webhook", "delivered"] == 1


def test_a_mail_server_that_is_away_is_named_with_what_to_look_at(service: Make, scene: Scene, clock: Clock) -> None:
    _have_the_week_reported(service, clock)
    server = MailServer()
    here = service(email={"enabled": True}, alerting={"email": _plain_server(server.port)})
    here.look()
    error = (
        f"127.0.0.1:{server.port} did not take the report (Connection refused); check alerting.email.smtp_server, "
        "require_tls and reports.email.ca_file"
    )
    assert _sent(scene.ledger) == {"email": ("waiting", 1, error)}
    with scene.ledger.read() as db:
        assert queries.read_snapshot(db).undelivered_since == {"email": DUE}
    clock.now += 60
    with server.running():
        here.look()
    assert _sent(scene.ledger) == {"email": ("delivered", 2, None)}
    with scene.ledger.read() as db:
        assert queries.read_snapshot(db).undelivered_since == {}


def test_a_password_that_is_wrong_is_said_without_it(service: Make, scene: Scene, clock: Clock, tmp_path: Path) -> None:
    _have_the_week_reported(service, clock)
    make_authority(tmp_path)
    (tmp_path / "password").write_text("wrong-word\n", encoding="utf-8")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "server.pem")
    with MailServer(tls=tls, password="open-sesame").running() as server:
        settings = {"smtp_server": f"127.0.0.1:{server.port}", "smtp_user": "aip"}
        given = {"enabled": True, "password_file": tmp_path / "password", "ca_file": tmp_path / "ca.pem"}
        service(alerting={"email": settings}, email=given).look()
        error = _sent(scene.ledger)["email"][2]
        assert error == (
            f"127.0.0.1:{server.port} refuses the user aip (code 535); check alerting.email.smtp_user and the file "
            "reports.email.password_file"
        )


def test_a_channel_that_is_switched_off_lets_go_what_waits(service: Make, scene: Scene, clock: Clock) -> None:
    _have_the_week_reported(service, clock)
    service(email={"enabled": True}, alerting={"email": _plain_server(MailServer().port)}).look()
    clock.now += HOUR
    service().look()
    assert _sent(scene.ledger)["email"][0] == "withdrawn"


@pytest.mark.parametrize(
    ("attempts", "since_made", "pause"),
    [(1, 0, 60), (2, 60, 120), (6, 2000, 1920), (7, 4000, 3600), (40, 50 * HOUR, 3600), (60, 71.5 * HOUR, None)],
)
def test_the_pauses_grow_to_an_hour_and_end_after_three_days(
    attempts: int, since_made: float, pause: float | None
) -> None:
    now = DUE + since_made
    assert next_attempt_at(attempts, DUE, now) == (None if pause is None else now + pause)


def test_a_report_of_another_version_waits_for_a_service_of_that_version(
    service: Make, scene: Scene, clock: Clock
) -> None:
    _have_the_week_reported(service, clock)
    newer = MadeReport(
        kind=ReportKind.DAILY, date="2026-11-19", made_at=DUE, made_by="host-b", content='{"kind": "daily", "new": 1}'
    )
    with scene.ledger.write() as db:
        reports.record(db, newer, [ReportChannel.EMAIL])
    server = MailServer()
    with server.running():
        service(email={"enabled": True}, alerting={"email": _plain_server(server.port)}).look()
    assert server.mails == []
    state, attempts, error = _sent(scene.ledger)["email"]
    assert (state, attempts) == ("waiting", 1)
    assert error is not None
    assert error.startswith("a report in the ledger was made by another version of this program (daily.")


def test_a_receiver_that_is_away_is_told_in_the_systems_words_and_its_address_is_not(tmp_path: Path) -> None:
    address = tmp_path / "url"
    address.write_text(f"http://127.0.0.1:{own_port()}/hook?key=not-for-logs\n", encoding="utf-8")
    with pytest.raises(DeliveryError) as told:
        try_out(ReportWebhook(enabled=True, url_file=address))
    assert str(told.value) == (
        "127.0.0.1 cannot be reached (Connection refused); check the address in reports.webhook.url_file"
    )
