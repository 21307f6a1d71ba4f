"""A port of loopback that nobody else gets before our server listens on it, nor while it starts again."""

import contextlib
import random
import socket
from collections.abc import Iterator

from processor.errors import ResourceError

#: Not the ports that the system gives to clients and to servers that ask for any.
_PORTS = range(15_000, 30_000)


@contextlib.contextmanager
def kept_port() -> Iterator[int]:
    """Keep a TCP port of loopback for as long as the block lasts; servers may begin and end on it.

    The socket that keeps it is bound and does not listen: a connection is refused until a server listens. A server
    that lets addresses be used again (SO_REUSEADDR) may do so beside it, as nearly every server does.
    Source: https://man7.org/linux/man-pages/man7/socket.7.html

    Raises:
        ResourceError: none of fifty was free.
    """
    for port in random.SystemRandom().sample(_PORTS, 50):
        with socket.socket() as keeper:
            try:
                keeper.bind(("127.0.0.1", port))
            except OSError:
                continue
            # Only now: a port that is bound with it may be bound by somebody else who does the same.
            keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            yield port
            return
    raise ResourceError(f"none of 50 TCP ports between {_PORTS.start} and {_PORTS.stop} is free on 127.0.0.1")
