"""`/api/alerts`: Alertmanager tells what fires and what ended; operators read the history of it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import ValidationError

from processor import logs
from processor.api.alert_payload import AlertmanagerPayload, payload_schema
from processor.api.answers.alerts import Incidents, Recorded
from processor.api.answers.answer import Limit, Offset
from processor.api.bearer import Refusal, require_bearer
from processor.ledger import incidents, queries
from processor.ledger.connection import Ledger
from processor.ledger.incidents import AlertNotice, Change

_UNCONFIGURED = (
    "this processor takes no alerts, because it has no token to compare with; "
    "set alerting.token_file or AIP_ALERTS_TOKEN and start it again"
)
_UNAUTHORIZED = "the bearer token is missing or wrong; it must be that of alerting.token_file"
_FAULTS_SHOWN = 5
_LOG = logs.get_logger("alerts")
#: For the OpenAPI description; the body is read and checked by ourselves, after the token.
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": payload_schema()}}}}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal, "description": "the token is missing or wrong"},
    422: {"model": Refusal, "description": "this is no notification"},
    503: {"model": Refusal, "description": "told again later: no token is set, or the ledger cannot be reached"},
}


def alert_routes(ledger: Ledger, *, token: Callable[[], str] | None, clock: Callable[[], float]) -> APIRouter:
    """Make the routes; without a token everything that is sent is refused with 503, so that Alertmanager repeats it."""
    routes = APIRouter(prefix="/api/alerts", tags=["alerts"])

    authorize = require_bearer(token, unconfigured=_UNCONFIGURED, unauthorized=_UNAUTHORIZED)

    @routes.post(
        "",
        summary="Alertmanager's webhook",
        dependencies=[Depends(authorize)],
        responses=_REFUSALS,
        openapi_extra=_BODY,
    )
    def post_alerts(body: Annotated[bytes, Depends(_read_body)]) -> Recorded:
        notices = _parse(body).notices()
        now = clock()
        with ledger.write() as db:
            changes = [incidents.record(db, notice, now) for notice in notices]
        _log(notices, changes)
        return Recorded(recorded=len(notices), opened=changes.count(Change.OPENED), closed=changes.count(Change.CLOSED))

    @routes.get("", summary="The incident history, newest first", response_model=Incidents)
    def get_alerts(
        alert: Annotated[str | None, Query(pattern=r"^[^\x00]*$", description="only of this alert")] = None,
        limit: Limit = 100,
        offset: Offset = 0,
    ) -> dict[str, Any]:
        with ledger.read() as db:
            found = queries.incidents(db, limit, alert, offset=offset)
            total = queries.count_incidents(db, alert)
        return {"total": total, "limit": limit, "offset": offset, "incidents": [asdict(one) for one in found]}

    return routes


def _log(notices: Sequence[AlertNotice], changes: Sequence[Change]) -> None:
    events = {Change.OPENED: logs.INCIDENT_OPENED, Change.CLOSED: logs.INCIDENT_CLOSED}
    for notice, change in zip(notices, changes, strict=True):
        if change in events:
            _LOG.info(events[change], alert=notice.alert, severity=notice.severity, fingerprint=notice.fingerprint)


async def _read_body(request: Request) -> bytes:
    return await request.body()


def _parse(body: bytes) -> AlertmanagerPayload:
    try:
        return AlertmanagerPayload.model_validate_json(body)
    except ValidationError as exc:
        faults = exc.errors(include_url=False, include_context=False, include_input=False)
        told = [f"{'.'.join(map(str, fault['loc'])) or 'body'}: {fault['msg']}" for fault in faults[:_FAULTS_SHOWN]]
        raise HTTPException(
            422, f"this is no notification of Alertmanager's webhook, version 4: {'; '.join(told)}"
        ) from exc
