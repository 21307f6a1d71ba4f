"""A mail server on loopback that takes every message and sends none on: as much of SMTP as Alertmanager speaks.

Source: https://www.rfc-editor.org/rfc/rfc5321
"""

import contextlib
import socketserver
import threading
from collections.abc import Callable, Iterator

_OK = "250 ok"
_REPLIES = {"EHLO": "250 drill", "HELO": "250 drill", "DATA": "354 go on", "QUIT": "221 bye"}
_KNOWN = {*_REPLIES, "MAIL", "RCPT", "RSET", "NOOP"}


class _Session(socketserver.StreamRequestHandler):
    server: "_MailSink"

    def handle(self) -> None:
        """Hold one conversation, with any number of messages."""
        self._say("220 drill")
        for line in self.rfile:
            verb = line.decode("ascii", "replace").strip().partition(" ")[0].upper()
            self._say(_REPLIES.get(verb, _OK) if verb in _KNOWN else "502 not known here")
            if verb == "DATA":
                self.server.take(self._message())
                self._say(_OK)
            if verb == "QUIT":
                return

    def _message(self) -> bytes:
        lines: list[bytes] = []
        for line in self.rfile:
            if line.rstrip(b"\r\n") == b".":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode("ascii"))


class _MailSink(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self.take = take
        super().__init__(("127.0.0.1", 0), _Session)


@contextlib.contextmanager
def taking_mail(take: Callable[[bytes], None]) -> Iterator[str]:
    """Listen until the end of the block; gives `127.0.0.1:PORT`. `take` is called with each message."""
    with _MailSink(take) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
