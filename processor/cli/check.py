"""`aip check`: whether everything is there that the service needs."""

import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from processor.cli import options, screen, words
from processor.cli.invocation import invocation
from processor.cli.state import command_settings
from processor.errors import SettingsError
from processor.github_client import GitHubClient
from processor.operations.self_check.agent_state import check_agents
from processor.operations.self_check.canary_state import check_canary
from processor.operations.self_check.engine_state import check_engine
from processor.operations.self_check.github_state import check_github
from processor.operations.self_check.host import check_folders, check_git, check_port, check_sandbox
from processor.operations.self_check.item import Item, ItemState, failed
from processor.operations.self_check.ledger_state import check_ledger
from processor.operations.self_check.report_channels import check_report_channels
from processor.operations.self_check.settings_state import check_settings
from processor.service.assembly import engine_database, make_client
from processor.settings.load import Loaded, load
from processor.settings.secrets import read_alerts_token, read_database_password
from processor.settings.sections import Settings


def check(
    context: typer.Context,
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Ask neither GitHub nor the channels of reports.")] = False,
    as_json: options.Json = False,
) -> None:
    """Look whether everything is there that the service needs.

    Settings, git, agents, sandbox, ledger, the engine's jobs, folders, port, channels of reports, token, repositories,
    canary; every finding with its remedy. Nothing is changed or sent. Exit code 1 when something failed, 2 when the
    settings are wrong.

    Example: aip check --offline
    """
    command_settings(context)
    call = invocation(context)
    loaded = load(call.config_dir, call.environ)
    items = tuple(_items(loaded, str(call.config_dir), call.environ, is_offline=offline))
    is_ok = all(item.state is not ItemState.FAILED for item in items)
    if as_json:
        screen.print_json({"is_ok": is_ok, "items": [asdict(item) for item in items]})
    else:
        _print(items)
    if not is_ok:
        raise typer.Exit(1)


def _items(loaded: Loaded, folder: str, environ: Mapping[str, str], *, is_offline: bool) -> Iterator[Item]:
    settings = loaded.settings
    yield from check_settings(loaded, folder, environ)
    yield check_git(environ)
    yield from check_agents(settings, environ)
    yield check_sandbox(settings)
    records, own_urls = _records(settings, environ)
    yield from records
    yield from check_folders(settings)
    yield check_port(settings.main.api, own_urls)
    try:
        read_alerts_token(settings.main.alerting, environ)
    except SettingsError as exc:
        yield from _faults("alerts", exc)
    if not is_offline:
        yield from check_report_channels(settings.main)
        yield from _github(settings, environ)


def _records(settings: Settings, environ: Mapping[str, str]) -> tuple[tuple[Item, ...], frozenset[str]]:
    """Look at the ledger and the engine's jobs; with that come the addresses of the services that live on them."""
    faults: tuple[Item, ...] = ()
    jobs: tuple[Item, ...] = ()
    password = None
    try:
        password = read_database_password(settings.main.state, environ)
        jobs = check_engine(engine_database(settings, environ))
    except SettingsError as exc:
        faults = tuple(_faults("ledger", exc))
    ledger, own_urls = check_ledger(settings.main.state, password.reveal() if password else None, time.time())
    return (*faults, ledger, *jobs), own_urls


def _github(settings: Settings, environ: Mapping[str, str]) -> Iterator[Item]:
    try:
        client = make_client(settings, environ)
    except SettingsError as exc:
        yield from _faults("token", exc)
        return
    with client:
        yield from check_github(client, [repository.name for repository in settings.main.served])
        if settings.main.sandbox is not None:
            yield from _sandbox_shared(client, settings, environ)


def _sandbox_shared(client: GitHubClient, settings: Settings, environ: Mapping[str, str]) -> Iterator[Item]:
    with contextlib.suppress(SettingsError):  # which the ledger has told
        password = read_database_password(settings.main.state, environ)
        yield from check_canary(client, settings.main, password.reveal() if password else None)


def _faults(name: str, error: SettingsError) -> Iterator[Item]:
    for fault in error.faults:
        yield failed(name, f"{fault.key}: {fault.problem}", fault.remedy)


def _print(items: Iterable[Item]) -> None:
    items = tuple(items)
    width = max(len(item.name) for item in items)
    for item in items:
        state = screen.state_cell(str(item.state))
        screen.line(
            Text.assemble(
                state, " " * (9 - len(item.state)), (f"{item.name.ljust(width)}  ", ""), screen.neutral(item.detail)
            )
        )
        if item.remedy:
            screen.say(f"{' ' * 9}-> {item.remedy}")
    failures = sum(item.state is ItemState.FAILED for item in items)
    doubts = sum(item.state is ItemState.WARNING for item in items)
    screen.say()
    screen.say(f"{words.count(failures, 'failure')}, {words.count(doubts, 'warning')}")
