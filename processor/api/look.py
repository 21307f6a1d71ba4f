"""`/api/status` and `/api/metrics`: what goes on now, and what was done so far."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter

from processor.api import views
from processor.api.answers.metrics import MetricsAnswer
from processor.api.answers.status import Status
from processor.api.views import HostUse, ServiceState
from processor.ledger.connection import Ledger


def look_routes(
    ledger: Ledger,
    *,
    service_state: Callable[[], ServiceState],
    host_use: Callable[[], HostUse],
    clock: Callable[[], float],
) -> APIRouter:
    """Make the routes."""
    routes = APIRouter(prefix="/api", tags=["status"])

    @routes.get("/status", summary="What is going on now", response_model=Status)
    def get_status() -> dict[str, Any]:
        return views.status(ledger, service_state(), clock())

    @routes.get("/metrics", summary="The handbook's monitor: work, host, service", response_model=MetricsAnswer)
    def get_metrics() -> dict[str, Any]:
        return views.metrics(ledger, host_use(), clock())

    return routes
