"""The routes: those of `/api`, `/-/healthy`, `/-/ready`, `/metrics`."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder, generate_latest
from starlette.exceptions import HTTPException as StarletteHTTPException

from processor.api.actions import Operator, action_routes
from processor.api.alerts import alert_routes
from processor.api.bearer import Refusal
from processor.api.capacity import capacity_routes
from processor.api.checklists import checklist_routes
from processor.api.config import config_routes
from processor.api.door import LOOK_REFUSALS, Door
from processor.api.look import look_routes
from processor.api.maintain import Keeper, maintain_routes
from processor.api.reports import report_routes
from processor.api.runs import run_routes
from processor.api.steering import Steering
from processor.api.views import HostUse, ServiceState
from processor.errors import LedgerError
from processor.ledger.connection import Ledger
from processor.settings.sections import MainFile

_DESCRIPTION = """
What a service does, and how it is steered. Times are seconds since the epoch, rates and shares percent.

Reading is free on the machine of the service. From elsewhere, and to change anything, show the token of the file
`api_token` in the service's state folder as a bearer token. What is refused is answered with one `detail` that says why
and what to do. Lists come in pages: `limit`, `offset`, and the `total` of the whole list.
"""
_PLAIN = "text/plain; version=0.0.4; charset=utf-8"


def create_app(
    ledger: Ledger,
    *,
    version: str,
    service_state: Callable[[], ServiceState],
    clock: Callable[[], float],
    registry: CollectorRegistry | None,
    alerts_token: Callable[[], str] | None = None,
    steering: Steering | None = None,
    operator: Operator | None = None,
    keeper: Keeper | None = None,
    api_token: Callable[[], str] | None = None,
    host_use: Callable[[], HostUse],
    allowed_hosts: Sequence[str] = (),
    main: Callable[[], MainFile] = MainFile,
) -> FastAPI:
    """Make the application.

    Args:
        registry: without it there is no `/metrics` (`enable_monitoring: false`).
        alerts_token: gives the token that Alertmanager must show; without it `/api/alerts` takes nothing.
        steering: does what `/api/capacity` and `/api/config` ask for; without it they are not there.
        operator: does what pause, cancel and retry ask for; without it they are not there.
        main: gives the settings that reports are made by.
        keeper: does what `/api/maintain` asks for; without it that is not there.
        api_token: gives the token that whoever changes something must show; without it nothing is changed.
        host_use: tells what host and process carry.
        allowed_hosts: names of a proxy by which the API may be called; see `Door`.
    """
    app = FastAPI(
        title="Auto Issue Processor",
        version=version,
        summary="What the processor is doing",
        description=_DESCRIPTION,
        redoc_url=None,
        responses={422: {"model": Refusal, "description": "the request is wrong"}},
    )
    state = Annotated[ServiceState, Depends(service_state)]

    @app.get("/-/healthy", summary="The process answers", response_class=PlainTextResponse)
    def get_healthy() -> str:
        return "healthy\n"

    @app.get("/-/ready", summary="The service takes issues", response_class=PlainTextResponse)
    def get_ready(service: state) -> Response:
        is_ready = service.state == "running"
        return PlainTextResponse(f"{service.state}\n", status_code=200 if is_ready else 503)

    _answer_errors(app)
    rooms = [
        look_routes(ledger, service_state=service_state, host_use=host_use, clock=clock),
        run_routes(ledger),
        alert_routes(ledger, token=alerts_token, clock=clock),
        report_routes(ledger, main=main, clock=clock),
        checklist_routes(ledger, main=main),
    ]
    if operator is not None:
        rooms.append(action_routes(operator, token=api_token))
    if keeper is not None:
        rooms.append(maintain_routes(keeper, token=api_token))
    if steering is not None:
        rooms += [capacity_routes(steering, token=api_token), config_routes(steering, token=api_token)]
    door = Depends(Door(api_token, allowed_hosts))
    for room in rooms:
        app.include_router(room, dependencies=[door], responses=LOOK_REFUSALS)
    if registry is not None:
        _add_exposition(app, registry)
    return app


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(LedgerError)
    def ledger_unreachable(_request: Request, _error: LedgerError) -> JSONResponse:
        return JSONResponse({"detail": "the ledger cannot be reached at the moment"}, status_code=503)

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> Response:
        if error.status_code != 400:
            return await http_exception_handler(request, error)
        # The framework's own word on a body that it cannot decode.
        return JSONResponse({"detail": "body: this is no JSON in UTF-8"}, status_code=422)

    @app.exception_handler(RequestValidationError)
    def wrong_request(_request: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent is not sent back: it may be no JSON at all, and it may be a secret in the wrong place.
        told = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        return JSONResponse({"detail": "; ".join(told)}, status_code=422)


def _add_exposition(app: FastAPI, registry: CollectorRegistry) -> None:
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
