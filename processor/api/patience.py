"""Closes a connection on which the head of a request does not come in time: uvicorn would wait for it for ever.

Source: https://www.uvicorn.org/settings/#timeouts (a time between requests, none for one that has begun)
"""

import asyncio
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


def protocol_of_patience(seconds: float) -> type[asyncio.Protocol]:
    """Make uvicorn's protocol with so long for the head of each request, from the connection or from its first byte."""
    return type("Patient", (_Patient,), {"head_seconds": seconds})


class _Patient(H11Protocol):
    head_seconds: ClassVar[float]
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE:  # the head is there, or will never be
            self._forget()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.head_seconds, self.transport.close)

    def _forget(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
