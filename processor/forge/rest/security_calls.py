"""Calls about security alerts; a kind that is switched off is refused in GitHub's words for it."""

from collections.abc import Callable

from processor.forge.refusals import Refusal, forbidden
from processor.forge.rest.call import Answer, Call, Json
from processor.forge.storage.activity import SecurityAlert


def list_dependabot_alerts(call: Call) -> Answer:
    """Answer GET /repos/O/R/dependabot/alerts."""
    off = forbidden("Dependabot alerts are disabled for this repository.")
    return _list(call, "dependabot", "vulnerability_alerts", off, _dependabot)


def list_code_scanning_alerts(call: Call) -> Answer:
    """Answer GET /repos/O/R/code-scanning/alerts."""
    off = forbidden("Code scanning is not enabled for this repository.")
    return _list(call, "code-scanning", "security_events", off, _code_scanning)


def list_secret_scanning_alerts(call: Call) -> Answer:
    """Answer GET /repos/O/R/secret-scanning/alerts."""
    off = Refusal(404, "Secret scanning is disabled on this repository.")
    return _list(call, "secret-scanning", "secret_scanning_alerts", off, _secret_scanning)


def _list(call: Call, kind: str, resource: str, off: Refusal, shape: Callable[[SecurityAlert], Json]) -> Answer:
    call.user_needed()
    repository = call.readable(resource)
    if not call.world.security.is_enabled(repository, kind):
        raise off
    found = call.world.security.of(repository, kind)
    state = call.query.get("state")
    return call.page([one for one in found if state in {None, one.state}], shape)


def _dependabot(alert: SecurityAlert) -> Json:
    advisory = {"ghsa_id": f"GHSA-{alert.id:04d}", "summary": alert.summary, "severity": alert.severity or "low"}
    return {**_shared(alert), "security_advisory": advisory}


def _code_scanning(alert: SecurityAlert) -> Json:
    rule = {"id": alert.summary, "severity": "warning", "security_severity_level": alert.severity}
    return {**_shared(alert), "rule": rule}


def _secret_scanning(alert: SecurityAlert) -> Json:
    return {**_shared(alert), "secret_type_display_name": alert.summary}


def _shared(alert: SecurityAlert) -> Json:
    return {"number": alert.number, "state": alert.state, "created_at": alert.created_at}
