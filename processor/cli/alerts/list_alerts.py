"""`aip alerts list`: what fires now, asked of Alertmanager, and what fired before, from the ledger."""

import time
from dataclasses import asdict
from typing import Annotated, Any

import typer

from processor.alerting.alertmanager_api import CurrentAlert, current_alerts
from processor.cli import options, screen, words
from processor.cli.completion import offer_alerts
from processor.cli.state import command_ledger, command_settings
from processor.errors import UsageError
from processor.ledger import queries
from processor.ledger.queries import IncidentRecord
from processor.settings.sections import Alerting


def list_alerts(
    context: typer.Context,
    *,
    history: Annotated[bool, typer.Option("--history", help="List incidents from the ledger instead.")] = False,
    alert: Annotated[
        str | None,
        typer.Option("--alert", metavar="NAME", help="Of this alert only.", autocompletion=offer_alerts),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="With --history: how many, 20 when absent.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """List the alerts that fire now, or the history.

    What fires is asked of Alertmanager (alerting.alertmanager_url), silenced and inhibited alerts included. The history
    is what Alertmanager told this processor; it needs no Alertmanager.

    Example: aip alerts list --history --limit 50
    """
    if limit is not None and not history:
        raise UsageError("--limit goes with --history")
    if history:
        _history(context, alert, limit or 20, as_json=as_json)
    else:
        _firing(context, alert, as_json=as_json)


def _firing(context: typer.Context, name: str | None, *, as_json: bool) -> None:
    alerting = command_settings(context).main.alerting
    found = [one for one in current_alerts(alerting.alertmanager_url) if name in {None, one.alert}]
    if as_json:
        screen.print_json({"alerts": [_as_json(one) for one in found]})
        return
    screen.say(f"Alerts: {len(found)}", "bold")
    if found:
        now = time.time()
        screen.print_table(
            ("ALERT", "SEVERITY", "STATE", "SINCE", "SUMMARY"), [_row(one, alerting, now) for one in found]
        )


def _as_json(alert: CurrentAlert) -> dict[str, Any]:
    return {"alert": alert.alert, "state": alert.state, **asdict(alert)}


def _row(alert: CurrentAlert, alerting: Alerting, now: float) -> tuple[screen.Cell, ...]:
    severity = alert.labels.get("severity", "-")
    since = words.duration(now - alert.starts_at)
    return alert.alert, severity, screen.state_cell(alert.state), since, _summary(alert.annotations, alerting)


def _history(context: typer.Context, name: str | None, limit: int, *, as_json: bool) -> None:
    with command_ledger(context) as (settings, ledger), ledger.read() as db:
        found = queries.incidents(db, limit, name)
    if as_json:
        screen.print_json({"incidents": [asdict(one) for one in found]})
        return
    screen.say(f"Incidents: {len(found)}", "bold")
    if found:
        now, alerting = time.time(), settings.main.alerting
        screen.print_table(
            ("ALERT", "SEVERITY", "BEGAN", "LASTED", "STATE", "SUMMARY"),
            [_incident_row(one, alerting, now) for one in found],
        )


def _incident_row(incident: IncidentRecord, alerting: Alerting, now: float) -> tuple[screen.Cell, ...]:
    is_unheard = incident.is_unheard(now)
    until = incident.ends_at or (incident.last_received_at if is_unheard else now)
    lasted = words.duration(until - incident.starts_at)
    state = screen.state_cell("unheard" if is_unheard else str(incident.last_status))
    began = words.moment(incident.starts_at)
    summary = _summary(incident.annotations, alerting)
    return incident.alert or "-", incident.severity or "-", began, lasted, state, summary


def _summary(annotations: dict[str, str], alerting: Alerting) -> str:
    """Choose the language that messages have; English where an alert has no Japanese."""
    english = annotations.get("summary", "")
    return annotations.get("summary_ja", english) if alerting.language == "ja" else english
