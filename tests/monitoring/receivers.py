"""What stands at the other end of Alertmanager's channels: a mail server and a web server that keep what they get."""

import http.server
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.ports import own_port

T = TypeVar("T")
DEADLINE_SECONDS = 60.0


def wait_for(look: Callable[[], T | None], what: str) -> T:
    """Look until there is something, 60 s at most."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (found := look()) is None:
        assert time.monotonic() < deadline, f"{what} did not come within {DEADLINE_SECONDS:g} s"
        time.sleep(0.02)
    return found


@dataclass(frozen=True)
class Mail:
    """One e-mail as it came over SMTP."""

    sender: str
    to: tuple[str, ...]
    content: bytes


@dataclass
class MailServer:
    """Keeps every e-mail; `port` is on loopback."""

    tls: ssl.SSLContext | None = None  #: with it the server wants STARTTLS and a login
    password: str = ""
    refused: tuple[str, ...] = ()  #: receivers that it does not know
    port: int = field(default_factory=own_port)
    mails: list[Mail] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        """Take a message."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(Mail(str(envelope.mail_from), tuple(envelope.rcpt_tos), content))
        return "250 taken"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a receiver."""
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, login: Any
    ) -> AuthResult:
        return AuthResult(success=login.password == self.password.encode(), handled=False)

    @contextmanager
    def running(self) -> Iterator["MailServer"]:
        """Listen until the end of the block."""
        options = {
            "tls_context": self.tls,
            "authenticator": self._authenticate,
            "auth_required": True,
            "auth_exclude_mechanism": ["LOGIN"],  # aiosmtpd asks for it in words that Alertmanager does not know
        }
        controller = Controller(
            self, hostname="127.0.0.1", port=self.port, ready_timeout=DEADLINE_SECONDS, **(options if self.tls else {})
        )
        controller.start()
        try:
            yield self
        finally:
            controller.stop()


@dataclass(frozen=True)
class Post:
    """One request as it came over HTTP."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class WebServer:
    """Keeps every POST and answers `ok`; `url` is on loopback."""

    posts: list[Post] = field(default_factory=list)
    url: str = ""

    def to(self, path: str) -> list[Post]:
        """Give what came to one path."""
        return [post for post in self.posts if post.path == path]

    @contextmanager
    def running(self) -> Iterator["WebServer"]:
        """Listen until the end of the block."""
        posts = self.posts

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                posts.append(Post(self.path, dict(self.headers), body))
                self.send_response(200)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
