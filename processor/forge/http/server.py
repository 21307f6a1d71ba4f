"""Serve requests on a port, one thread a connection, each answer in one send."""

import http.server
import logging
import socket
from collections.abc import Callable, Generator
from contextlib import closing
from http import HTTPStatus
from threading import Lock, Thread, current_thread
from typing import BinaryIO, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from processor.forge.http.exchange import Body, ConnectionDropped, Reply, Request, json_reply

log = logging.getLogger(__name__)
Application = Callable[[Request], Reply]
IDLE_SECONDS = 600
LAST_ANSWER_SECONDS = 10


class Server(http.server.ThreadingHTTPServer):
    """Listen, hand requests to the application, and hang up on everyone when stopped."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: str, port: int, application: Application) -> None:
        """Bind the IPv4 `address` at `port`, or at a free port for 0."""
        super().__init__((address, port), Exchange)
        self.application = application
        self._connections: set[socket.socket] = set()
        self._workers: set[Thread] = set()
        self._guard = Lock()
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, name="forge", daemon=True)

    @property
    def port(self) -> int:
        """Return the port that is listened on."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, close every connection and wait for the requests that are being answered."""
        self.shutdown()
        self._thread.join()
        self.server_close()
        with self._guard:
            workers = list(self._workers)
            for connection in self._connections:
                _hang_up(connection)
        for worker in workers:
            worker.join(LAST_ANSWER_SECONDS)

    def process_request(self, request: object, client_address: object) -> None:
        """Remember the connection and serve it in its own thread."""
        with self._guard:
            self._connections.add(cast("socket.socket", request))
        super().process_request(cast("socket.socket", request), client_address)

    def process_request_thread(self, request: object, client_address: object) -> None:
        """Serve one connection, known to stop()."""
        with self._guard:
            self._workers.add(current_thread())
        try:
            super().process_request_thread(cast("socket.socket", request), client_address)
        finally:
            with self._guard:
                self._workers.discard(current_thread())

    def shutdown_request(self, request: object) -> None:
        """Forget the connection and close it."""
        with self._guard:
            self._connections.discard(cast("socket.socket", request))
        super().shutdown_request(cast("socket.socket", request))

    def handle_error(self, request: object, client_address: object) -> None:
        """Note a failed connection; a client that went away is normal here."""
        del request
        log.debug("connection from %s failed", client_address)


class Exchange(http.server.BaseHTTPRequestHandler):
    """Read requests of one connection and write the application's replies."""

    protocol_version = "HTTP/1.1"
    server_version = "forge"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS

    def answer(self) -> None:
        """Answer one request."""
        body = self._body()
        try:
            reply = self._reply(body)
            for _ in body.pieces():
                pass
            self._write(reply)
        except (ConnectionDropped, OSError):
            self.close_connection = True
            _hang_up(self.connection)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815  the names are http.server's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
        """Keep quiet: the forge has its own request log."""

    def _body(self) -> Body:
        is_chunked = "chunked" in self.headers.get("Transfer-Encoding", "").lower()
        length = self.headers.get("Content-Length", "0")
        stream = cast("BinaryIO", self.rfile)
        return Body(stream, length=int(length) if length.isdigit() else 0, is_chunked=is_chunked)

    def _reply(self, body: Body) -> Reply:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.flush()
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            target=self.path,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        try:
            return cast("Server", self.server).application(request)
        except (ConnectionDropped, OSError):
            raise
        except Exception:  # a bug of ours must reach the client as GitHub's 500, not as a hang-up
            log.exception("%s %s failed", request.method, request.path)
            return json_reply(500, {"message": "Server Error", "status": "500"})

    def _write(self, reply: Reply) -> None:
        self.send_response_only(reply.status, HTTPStatus(reply.status).phrase)
        self.send_header("Server", "forge")
        self.send_header("Date", self.date_time_string())
        for name, value in reply.headers:
            self.send_header(name, value)
        if isinstance(reply.body, bytes):
            self._write_whole(reply.body, reply)
        else:
            self._write_chunks(reply.body)
        self.wfile.flush()

    def _write_whole(self, body: bytes, reply: Reply) -> None:
        if reply.status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if reply.is_truncated:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            raise ConnectionDropped
        if self.command != "HEAD":
            self.wfile.write(body)

    def _write_chunks(self, pieces: Generator[bytes, None, None]) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with closing(pieces):
            for piece in pieces:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        log.debug("the connection was closed already")
