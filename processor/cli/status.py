"""`aip status`: what is going on now, from the running service, else from the ledger."""

import socket
import time
from typing import Any

import requests
import typer

from processor.api import views
from processor.api.views import ServiceState
from processor.cli import options, screen, words
from processor.cli.reach import is_here, is_reachable
from processor.cli.state import command_ledger
from processor.cli.status_text import print_status
from processor.errors import SettingsError
from processor.ledger import services
from processor.ledger.connection import Ledger
from processor.ledger.services import ServiceRecord
from processor.operations.host_levels import host_levels, widest
from processor.settings.api_token import read_api_token
from processor.settings.sections import Settings

_ANSWER_SECONDS = 3


def status(context: typer.Context, *, as_json: options.Json = False) -> None:
    """Show what is going on now.

    The running service is asked; when none answers, the ledger is read, and that is said.

    Example: aip status --json
    """
    with command_ledger(context) as (settings, ledger):
        shown, source = ask_status(settings, ledger)
    if as_json:
        screen.print_json(shown)
        screen.note(source)
    else:
        screen.say(source, "dim")
        print_status(shown, settings.main)


def ask_status(settings: Settings, ledger: Ledger) -> tuple[dict[str, Any], str]:
    """Give the object of `/api/status` and where it comes from: the running service, else the ledger."""
    now = time.time()
    with ledger.read() as db:
        known = services.list_services(db)
    alive = [service for service in known if service.is_alive(now)]
    failures = []
    for service in sorted(alive, key=lambda one: not is_here(one)):
        if not is_reachable(service):
            failures.append(f"{service.instance} listens on its own host {service.host} only")
            continue
        try:
            answer = _get(service.url, _token(settings) if is_here(service) else None)
        except requests.HTTPError as exc:
            failures.append(f"{service.instance} refused at {service.url} ({_refusal(exc)})")
            continue
        except (requests.RequestException, ValueError, TypeError) as exc:
            failures.append(f"{service.instance} did not answer at {service.url} ({type(exc).__name__})")
            continue
        return answer, f"from the service {service.instance} at {service.url}"
    return views.status(ledger, _not_running(settings, known, now), now), _from_ledger(known, failures, now)


def _token(settings: Settings) -> str | None:
    """Give the token of the service whose state folder this is; None for who may not read it, and may look near by."""
    try:
        return read_api_token(settings.main.state).reveal()
    except SettingsError:
        return None


def _refusal(error: requests.HTTPError) -> str:
    """Say why a service does not tell: mostly because this user may not read the token of its state folder."""
    if error.response.status_code == 401:
        return "it asks for its token, which this user cannot read"
    return f"HTTP {error.response.status_code}"


def _get(url: str, token: str | None) -> dict[str, Any]:
    with requests.Session() as session:
        session.trust_env = False  # a proxy for the internet does not know this machine's own services
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = session.get(f"{url}/api/status", headers=headers, timeout=_ANSWER_SECONDS)
        answer.raise_for_status()
        return dict(answer.json())


def _not_running(settings: Settings, known: tuple[ServiceRecord, ...], now: float) -> ServiceState:
    """Say of the service what the ledger knows: that of the last one seen."""
    last = max(known, key=lambda service: service.heartbeat_at, default=None)
    is_alive = last is not None and last.is_alive(now)
    # What a service that is gone was under says nothing about now.
    capacity = widest(host_levels(known, settings.main, now).values(), settings.main)
    return ServiceState(
        instance=last.instance if last else settings.main.engine.instance or socket.gethostname(),
        state="unreachable" if is_alive else "stopped",
        started_at=last.started_at if last else None,
        is_dry_run=settings.main.dry_run,
        agent_limit_seconds=settings.main.timeout,
        max_parallel=capacity.parallel,
        capacity_level=capacity.level if is_alive else settings.main.capacity.level,
        capacity_reason=capacity.reason if is_alive else "",
        last_poll_success_at=None,
        last_poll_error=None,
        next_poll_at=None,
        github_limited_until=None,
    )


def _from_ledger(known: tuple[ServiceRecord, ...], failures: list[str], now: float) -> str:
    if failures:
        return f"from the ledger: {'; '.join(failures)}"
    if not known:
        return "from the ledger: no service was ever started here; `aip run` starts one"
    last = max(known, key=lambda service: service.heartbeat_at)
    seen = words.duration(now - last.heartbeat_at)
    return f"from the ledger: no service lives, {last.instance} was seen {seen} ago; `aip run` starts one"
