"""The routes: those of `/api`, `/-/healthy`, `/-/ready`, `/metrics`."""

from collections.abc import Callable, Sequence

from fastapi import Depends, FastAPI
from prometheus_client import CollectorRegistry

from processor.api.actions import Operator, action_routes
from processor.api.alerts import alert_routes
from processor.api.bearer import Refusal
from processor.api.capacity import capacity_routes
from processor.api.checklists import checklist_routes
from processor.api.config import config_routes
from processor.api.description_page import add_description_page
from processor.api.door import LOOK_REFUSALS, Door
from processor.api.exposition import add_exposition, add_health
from processor.api.look import look_routes
from processor.api.maintain import Keeper, maintain_routes
from processor.api.refusals import answer_errors
from processor.api.reports import report_routes
from processor.api.requests import BodyLimit, HeadAsGet
from processor.api.runs import run_routes
from processor.api.steering import Steering
from processor.api.views import HostUse, ServiceState
from processor.ledger.connection import Ledger
from processor.settings.sections import MainFile

_DESCRIPTION = """
What a service does, and how it is steered. Times are seconds since the epoch, rates and shares percent.

Reading is free on the machine of the service. From elsewhere, and to change anything, show the token of the file
`api_token` in the service's state folder as a bearer token. What is refused is answered with one `detail` that says why
and what to do. Lists come in pages: `limit`, `offset`, and the `total` of the whole list.
"""


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
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={422: {"model": Refusal, "description": "the request is wrong"}},
    )
    app.add_middleware(BodyLimit)
    app.add_middleware(HeadAsGet)
    add_health(app, service_state)
    answer_errors(app)
    add_description_page(app)
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
        add_exposition(app, registry)
    return app
