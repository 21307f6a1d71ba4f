"""Who connects must ask in time, and is then answered however long that takes."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from processor.api.server import ApiServer
from processor.settings.sections import Api

ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
ASKED, MAY_ANSWER = threading.Event(), threading.Event()


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str | None, int | None]]:
    """A service that waits a fifth of a second for the head of a request."""
    app = FastAPI()

    @app.get("/")
    def answer() -> str:
        ASKED.set()
        assert MAY_ANSWER.wait(60)
        return "at last"

    server = ApiServer(Api(port=0), head_seconds=0.2)
    server.start(app)
    yield urlsplit(server.url).hostname, urlsplit(server.url).port
    server.stop()


def is_hung_up_on(connection: socket.socket, sent: bytes) -> bool:
    """Send a part of a request and wait for the end, without a word of an answer."""
    with contextlib.suppress(ConnectionError):  # a busy machine may send after the end
        connection.sendall(sent)
        return connection.recv(4096) == b""
    return True


def read_answer(connection: socket.socket) -> None:
    """Read up to the end of what the service answers."""
    answer = b""
    while not answer.endswith(b'"at last"'):
        piece = connection.recv(4096)
        assert piece, "hung up in the middle"
        answer += piece


@pytest.mark.parametrize("first", [b"", b"G", ASK[:-1]], ids=["nothing", "a byte", "all but the end"])
def test_a_head_that_does_not_come_holds_nothing_for_long(address, first: bytes) -> None:
    with socket.create_connection(address, timeout=60) as idle:
        assert is_hung_up_on(idle, first)


def ask(address) -> socket.socket:
    """Connect and ask; where the machine is so busy that the time was over before, once more."""
    for _ in range(60):
        ASKED.clear()
        connection = socket.create_connection(address, timeout=60)
        with contextlib.suppress(OSError):
            connection.sendall(ASK)
            if ASKED.wait(1):
                return connection
        connection.close()
    raise AssertionError("no request was taken in a minute")


def test_nor_does_one_after_a_request_that_was_answered(address) -> None:
    MAY_ANSWER.set()
    with ask(address) as slow:
        read_answer(slow)
        assert is_hung_up_on(slow, ASK[:-1])


def test_an_answer_may_take_longer(address) -> None:
    MAY_ANSWER.clear()
    with ask(address) as asked:
        with socket.create_connection(address, timeout=60) as idle:
            assert is_hung_up_on(idle, b"")  # the time is over, for the other one too
        MAY_ANSWER.set()
        read_answer(asked)
