"""Wires for the tests: relays, a proxy, TLS with an authority of our own, and a server that says what it is told."""

import contextlib
import socket
import ssl
import threading

import pytest

from tests.certificates import make_authority


class Relay:
    """Listen on a loopback port and pass every connection on; as a proxy it takes CONNECT and absolute addresses."""

    def __init__(self, target, *, tls=None, is_proxy=False):
        self.target, self.tls, self.is_proxy = target, tls, is_proxy
        self.first_lines = []
        self.heads = []
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection):
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            stack.callback(connection.close)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
                stack.callback(connection.close)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            self.first_lines.append(head.split(b"\r\n")[0].decode())
            self.heads.append(head)
            onward = stack.enter_context(socket.create_connection(("127.0.0.1", self.target)))
            self._open |= {connection, onward}
            stack.callback(self._open.difference_update, {connection, onward})
            if self.is_proxy and head.startswith(b"CONNECT"):
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                onward.sendall(head)
            back = threading.Thread(target=_pump, args=(onward, connection), daemon=True)
            back.start()
            _pump(connection, onward)
            back.join(5)


def _pump(source, sink):
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """A certificate authority of our own, and a server certificate by it for the names that the tests use."""
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def relay(forge):
    """Make relays that are closed at the end; they lead to the forge unless told otherwise."""
    made = []

    def make(target=None, **kinds):
        made.append(Relay(target or int(forge.url.rpartition(":")[2]), **kinds))
        return made[-1]

    yield make
    for one in reversed(made):
        one.close()


@pytest.fixture
def secure(relay, authority):
    """The forge over TLS, with a certificate of the test authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.pem")
    return relay(tls=context)


class Script:
    """Answer each connection with the next of some prepared bytes; with `drip`, one byte at a time for ever."""

    def __init__(self, *answers, drip=False):
        self._answers, self._drip = list(answers), drip
        self.heads = []
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _run(self):
        with contextlib.suppress(OSError):
            while self._answers:
                connection, _ = self._listener.accept()
                with connection:
                    self.heads.append(connection.recv(65536))
                    connection.sendall(self._answers.pop(0))
                    while self._drip and not self._stop.wait(0.02):
                        connection.sendall(b" ")


@pytest.fixture
def script():
    made = []

    def make(*answers, **kinds):
        made.append(Script(*answers, **kinds))
        return made[-1]

    yield make
    for one in made:
        one.close()
