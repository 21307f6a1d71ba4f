"""Serve /metrics, /-/healthy, /-/ready and a page that leads to them; each connection has a thread of its own."""

import contextlib
import errno
import socket
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

from exporter.answers import Answer, unauthorized
from exporter.basic_auth import BasicAuth
from exporter.web_access import WebAccess
from processor.errors import UsageError

Answering = Callable[[str, Mapping[str, str]], Answer]

#: A client that connects must ask within this time, or it takes a place for nothing.
_FIRST_WORD_SECONDS: Final = 10
#: Once it was answered it may stay: Prometheus keeps its connection open between scrapes.
_IDLE_SECONDS: Final = 150
#: More scrapers than anybody has; the next one is closed at once instead of taking memory.
_MOST_CONNECTIONS: Final = 64


class ExporterServer:
    """The HTTP server; its socket is bound at once, so that a port in use is found before anything else."""

    def __init__(self, host: str, port: int, answer: Answering, access: WebAccess) -> None:
        self._server = _Server(host, port, answer, access)
        bound = self._server.server_address[1]
        scheme = "http" if access.current().tls is None else "https"
        self.url = f"{scheme}://{f'[{host}]' if ':' in host else host}:{bound}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="http", daemon=True)

    def start(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, host: str, port: int, answer: Answering, access: WebAccess) -> None:
        self.answer = answer
        self.access = access
        self.auth = BasicAuth()
        self._places = threading.BoundedSemaphore(_MOST_CONNECTIONS)
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            super().__init__((host, port), _Handler)
        except OSError as exc:
            raise UsageError(f"cannot listen on {host}:{port}: {_refusal(exc)}") from exc

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(self._secured(request), client_address)
        except OSError:
            self.shutdown_request(request)
        finally:
            self._places.release()

    def _secured(self, request: socket.socket) -> socket.socket:
        """Speak TLS where that is asked for; here, because a slow handshake must keep no other client waiting."""
        tls = self.access.current().tls
        if tls is None:
            return request
        request.settimeout(_FIRST_WORD_SECONDS)
        return tls.wrap_socket(request, server_side=True)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that goes away in the middle is its own affair; whatever fails in us is answered with 500.
        pass


def _refusal(exc: OSError) -> str:
    """Say why an address is not ours to listen on, and what to do."""
    if exc.errno == errno.EADDRINUSE:
        remedy = "stop what uses the port, or give another with --listen, exporter.port or AUTO_ISSUE_EXPORTER_PORT"
    else:
        remedy = "give an address of this machine and a port that this user may open with --listen, or exporter.host"
    return f"{exc.strerror}; {remedy}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "aip-exporter"
    sys_version = ""
    timeout = _FIRST_WORD_SECONDS
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        # A body is not read; left on the connection it would be taken for the next request.
        has_body = self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers
        self.close_connection = self.close_connection or has_body
        users = self.server.access.current().users
        if users and not self.server.auth.is_known(self.headers.get("Authorization", ""), users):
            answer = unauthorized()
        else:
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = self.server.answer(urlsplit(self.path).path, headers)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.connection.settimeout(_IDLE_SECONDS)
        if with_body:
            with contextlib.suppress(ConnectionError):
                self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no request of ours in one plain line."""
        body = f"{message or explain or HTTPStatus(code).phrase}\n".encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        """Name the program alone: what it runs on is nobody's business."""
        return self.server_version

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
        """Say nothing: a line a scrape would bury everything else."""
