"""What holds for every request before it finds its route: how large a body is, and that HEAD asks what GET asks."""

from fastapi import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: A thousand alerts with long annotations stay below it.
MAX_BYTES = 4 * 1024 * 1024
_TOO_LARGE = f"the body is larger than {MAX_BYTES} bytes; nothing that this service takes is"


class BodyLimit:
    """Refuses a body that is too large with 413, before it is in memory and before the token is looked at."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse by what is announced, else count what comes."""
        if scope["type"] == "http" and int(_header(scope, b"content-length") or 0) > MAX_BYTES:
            if not _header(scope, b"expect"):
                await _pass_over(receive)
            await JSONResponse({"detail": _TOO_LARGE}, 413, {"Connection": "close"})(scope, receive, send)
        else:
            await self._app(scope, _counted(receive), send)


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


async def _pass_over(receive: Receive) -> None:
    """Throw away what is still being sent: who sends reads no answer before its end, unless it waits to be asked."""
    while (await receive()).get("more_body", False):
        pass


def _counted(receive: Receive) -> Receive:
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MAX_BYTES:
            if message.get("more_body", False):
                await _pass_over(receive)
            raise HTTPException(413, _TOO_LARGE, {"Connection": "close"})
        return message

    return counted
