"""Let the faults that hit a request do their work, before and after its effect."""

import json
from collections.abc import Sequence

from processor.forge.faults import Fault, FaultKind, RateLimitKind, When
from processor.forge.http.exchange import ConnectionDropped, Reply, json_reply
from processor.forge.rate_limits import RateLimits, primary_limit, secondary_limit
from processor.forge.refusals import Refusal


def before(faults: Sequence[Fault], limits: RateLimits, login: str) -> None:
    """Suffer what comes before the effect; raise Refusal or ConnectionDropped to prevent the effect."""
    for fault in faults:
        if fault.when == When.BEFORE and fault.kind != FaultKind.TRUNCATED:
            _strike(fault, limits, login)


def after(faults: Sequence[Fault], limits: RateLimits, login: str, reply: Reply) -> Reply:
    """Suffer what comes after the effect; return the reply as it is sent, or raise to send none."""
    for fault in faults:
        if fault.kind == FaultKind.TRUNCATED:
            fault.reached.set()
            reply = Reply(reply.status, whole(reply), reply.headers, is_truncated=True)
        elif fault.when == When.AFTER:
            reply = Reply(reply.status, whole(reply), reply.headers, reply.is_truncated)
            try:
                _strike(fault, limits, login)
            except Refusal as refusal:
                reply = json_reply(refusal.status, _body(fault, refusal), refusal.headers)
    return reply


def whole(reply: Reply) -> bytes:
    """Return the body, read to its end."""
    return reply.body if isinstance(reply.body, bytes) else b"".join(reply.body)


def refusal_reply(faults: Sequence[Fault], refusal: Refusal) -> Reply:
    """Return the reply to a request that a fault or the forge itself refused."""
    custom = next((fault for fault in faults if fault.kind == FaultKind.STATUS and fault.body is not None), None)
    body = _body(custom, refusal) if custom and refusal.status == custom.status else refusal.body()
    return json_reply(refusal.status, body, refusal.headers)


def _strike(fault: Fault, limits: RateLimits, login: str) -> None:
    fault.reached.set()
    match fault.kind:
        case FaultKind.DELAY:
            fault.released.wait(fault.seconds)
            if fault.is_abandoned:
                raise ConnectionDropped
        case FaultKind.DROP:
            raise ConnectionDropped
        case FaultKind.HOLD:
            fault.released.wait()
            if fault.is_abandoned:
                raise ConnectionDropped
        case FaultKind.STATUS:
            message = "Server Error" if fault.status >= 500 else "Injected fault"
            raise Refusal(fault.status, message, headers=_retry(fault))
        case FaultKind.RATE_LIMIT:
            raise _limit(fault, limits, login)


def _limit(fault: Fault, limits: RateLimits, login: str) -> Refusal:
    status = fault.status if fault.status in {403, 429} else 403
    if fault.rate_limit == RateLimitKind.SECONDARY:
        return secondary_limit(fault.retry_after_seconds, status)
    refusal = primary_limit(login, limits.exhausted(login, fault.reset_in_seconds), status)
    refusal.headers += _retry(fault)
    return refusal


def _retry(fault: Fault) -> tuple[tuple[str, str], ...]:
    return () if fault.retry_after_seconds is None else (("Retry-After", str(fault.retry_after_seconds)),)


def _body(fault: Fault | None, refusal: Refusal) -> object:
    if fault is None or fault.body is None:
        return refusal.body()
    if isinstance(fault.body, str):
        try:
            return json.loads(fault.body)
        except ValueError:
            return {"message": fault.body, "status": str(refusal.status)}
    return fault.body
