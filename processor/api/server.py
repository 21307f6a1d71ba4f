"""Serve the application from a thread; uvicorn leaves signals alone there."""

import errno
import socket
import threading
import time

import uvicorn
from fastapi import FastAPI

from processor.api.patience import protocol_of_patience
from processor.errors import UsageError
from processor.settings.sections import Api

_START_LIMIT_SECONDS = 10.0
_HEAD_SECONDS = 10.0


class ApiServer:
    """The HTTP server of one service; its socket is bound at once, so that a port in use is found before work.

    Args:
        head_seconds: the longest that the head of a request may take.
    """

    def __init__(self, api: Api, head_seconds: float = _HEAD_SECONDS) -> None:
        self._protocol = protocol_of_patience(head_seconds)
        try:
            self._socket = socket.create_server((api.host, api.port))
        except OSError as exc:
            raise UsageError(f"cannot listen on {api.host}:{api.port}: {_refusal(exc)}") from exc
        host, port = self._socket.getsockname()[:2]
        self.url = f"http://{host}:{port}"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self, app: FastAPI) -> None:
        """Answer requests from now on."""
        # Who asks is who is connected: a header that anybody can write decides nothing.
        config = uvicorn.Config(
            app, http=self._protocol, log_config=None, access_log=False, lifespan="off", proxy_headers=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="api", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + _START_LIMIT_SECONDS
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.01)

    def stop(self) -> None:
        """Answer what is under way and close."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(timeout=5)
        self._socket.close()


def _refusal(exc: OSError) -> str:
    """Say why an address is not ours to listen on, and what to do."""
    if exc.errno == errno.EADDRINUSE:
        remedy = "stop what uses the port, or set api.port (AUTO_ISSUE_API_PORT), 0 for any free one"
    else:
        remedy = "set api.host to an address of this machine, and api.port to a port that this user may open"
    reason = (exc.strerror or str(exc)).partition(" (while ")[0]  # create_server tells the address once more
    return f"{reason}; {remedy}"
