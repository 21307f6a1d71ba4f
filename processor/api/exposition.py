"""The routes for Prometheus and for what watches the process: open to all, for no title and no setting is in them."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder, generate_latest

from processor.api.views import ServiceState

_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_NOT_READY: dict[int | str, dict[str, Any]] = {503: {"description": "it starts or drains", "content": _TEXT}}
_PLAIN = "text/plain; version=0.0.4; charset=utf-8"


def add_health(app: FastAPI, service_state: Callable[[], ServiceState]) -> None:
    """Answer `/-/healthy` and `/-/ready`."""
    state = Annotated[ServiceState, Depends(service_state)]

    @app.get("/-/healthy", summary="The process answers", response_class=PlainTextResponse)
    def get_healthy() -> str:
        return "healthy\n"

    @app.get(
        "/-/ready",
        summary="The service takes issues",
        response_class=PlainTextResponse,
        responses=_NOT_READY,
    )
    def get_ready(service: state) -> Response:
        is_ready = service.state == "running"
        return PlainTextResponse(f"{service.state}\n", status_code=200 if is_ready else 503)


def add_exposition(app: FastAPI, registry: CollectorRegistry) -> None:
    """Answer `/metrics`."""

    @app.get("/metrics", summary="The running process's own metrics", response_class=PlainTextResponse)
    def get_exposition(request: Request) -> Response:
        encode, content_type = _encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers={"Content-Type": content_type})


def _encoder(accept: str) -> tuple[Callable[[CollectorRegistry], bytes], str]:
    """Let the library choose; a header that it cannot read gets the plain format."""
    try:
        return choose_encoder(accept)
    except (ValueError, TypeError):
        return generate_latest, _PLAIN
