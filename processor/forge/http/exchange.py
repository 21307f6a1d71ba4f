"""A request and its reply, as values, and the JSON in them."""

import json
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

Headers = tuple[tuple[str, str], ...]


class ConnectionDropped(Exception):
    """Ask the server to close the connection without an answer."""


class Body:
    """Read a request body that has a length or comes in chunks."""

    def __init__(self, stream: BinaryIO, *, length: int = 0, is_chunked: bool = False) -> None:
        """Take `length` bytes, or chunks until the empty one, from `stream`."""
        self._stream = stream
        self._left = length
        self._is_chunked = is_chunked
        self._is_done = not is_chunked and length == 0

    def pieces(self, size: int = 65536) -> Iterator[bytes]:
        """Yield what is left of the body; raise ConnectionDropped when the client goes away."""
        while not self._is_done:
            if self._left == 0 and self._is_chunked and not self._next_chunk():
                return
            piece = self._stream.read(min(size, self._left))
            if not piece:
                raise ConnectionDropped
            self._left -= len(piece)
            if self._left == 0:
                self._end_piece()
            yield piece

    def read(self) -> bytes:
        """Return what is left of the body."""
        return b"".join(self.pieces())

    def _next_chunk(self) -> bool:
        line = self._stream.readline(1024)
        try:
            self._left = int(line.split(b";")[0].strip(), 16)
        except ValueError as exc:
            raise ConnectionDropped from exc
        if self._left == 0:
            while self._stream.readline(1024).strip():
                pass
            self._is_done = True
        return not self._is_done

    def _end_piece(self) -> None:
        if self._is_chunked:
            self._stream.readline(1024)
        else:
            self._is_done = True


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are in lower case, `path` is decoded, `target` is as it was sent."""

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Body

    @property
    def query_string(self) -> str:
        """Return what follows the question mark, undecoded."""
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `is_truncated` sends half of what Content-Length promises and hangs up."""

    status: int
    body: bytes | Generator[bytes, None, None] = b""
    headers: Headers = field(default=())
    is_truncated: bool = False


def json_reply(status: int, data: object, headers: Headers = ()) -> Reply:
    """Return a reply with a JSON body."""
    body = json.dumps(data, ensure_ascii=False).encode()
    return Reply(status, body, (("Content-Type", "application/json; charset=utf-8"), *headers))


def html_reply(status: int, page: str) -> Reply:
    """Return a reply with a page."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy))
    return Reply(status, page.encode(), headers)


def text_reply(status: int, text: str, headers: Headers = ()) -> Reply:
    """Return a reply in plain text."""
    return Reply(status, text.encode(), (("Content-Type", "text/plain; charset=utf-8"), *headers))
