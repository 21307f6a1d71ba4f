"""What holds for every request before it finds its route: how large a body is, and that HEAD asks what GET asks."""

import asyncio

from fastapi import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: A thousand alerts with long annotations stay below it.
MAX_BYTES = 4 * 1024 * 1024
_IDLE_SECONDS = 30.0
_TOO_LARGE = f"the body is larger than {MAX_BYTES} bytes; nothing that this service takes is"
_CLOSE = {"Connection": "close"}


class BodyLimit:
    """Refuses a body that is too large with 413, before it is in memory, and one that stops coming with 408.

    Args:
        idle_seconds: the longest wait for the next piece.
    """

    def __init__(self, app: ASGIApp, idle_seconds: float = _IDLE_SECONDS) -> None:
        self._app = app
        self._idle_seconds = idle_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse by what is announced, else count what comes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        pieces = _in_time(receive, self._idle_seconds)
        if int(_header(scope, b"content-length") or 0) > MAX_BYTES:
            if not _header(scope, b"expect"):
                await _pass_over(pieces)
            await JSONResponse({"detail": _TOO_LARGE}, 413, _CLOSE)(scope, receive, send)
        else:
            await self._app(scope, _counted(pieces), send)


class HeadAsGet:
    """Finds the route of a HEAD as for a GET; the server leaves the body of the answer out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; the server's own scope stays a HEAD."""
        is_head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self._app({**scope, "method": "GET"} if is_head else scope, receive, send)


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for found, value in scope["headers"] if found == name), b"")


def _in_time(receive: Receive, idle_seconds: float) -> Receive:
    """Wait for each piece of the body so long and no longer; the end of the connection, after it, may take its time."""
    is_over = False

    async def piece() -> Message:
        nonlocal is_over
        try:
            message = await asyncio.wait_for(receive(), None if is_over else idle_seconds)
        except TimeoutError as exc:
            told = f"the body stopped coming for {idle_seconds:g} s; send it again"
            raise HTTPException(408, told, _CLOSE) from exc
        is_over = not message.get("more_body", False)
        return message

    return piece


async def _pass_over(pieces: Receive) -> None:
    """Throw away what is still being sent: who sends reads no answer before its end, unless it waits to be asked."""
    try:
        while (await pieces()).get("more_body", False):
            pass
    except HTTPException:  # it is refused in any case
        return


def _counted(pieces: Receive) -> Receive:
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await pieces()
        read += len(message.get("body", b""))
        if read > MAX_BYTES:
            if message.get("more_body", False):
                await _pass_over(pieces)
            raise HTTPException(413, _TOO_LARGE, _CLOSE)
        return message

    return counted
