"""The command `aip top`."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from processor.cli.invocation import invocation
from processor.cli.state import actor, command_files
from processor.cli.top.app import TopApp
from processor.cli.top.desk import Desk
from processor.cli.top.ledger_desk import LedgerDesk
from processor.cli.top.service_desk import ServiceDesk
from processor.errors import UsageError
from processor.intake.poller import Poller
from processor.operations.effective import effective
from processor.service.assembly import make_client
from processor.settings.secrets import read_secret_word


def top(
    context: typer.Context,
    *,
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="A service by its API alone, such as http://127.0.0.1:8080."),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", metavar="FILE", help="Its token, to act and to look from another machine."),
    ] = None,
    every: Annotated[
        float, typer.Option("--every", metavar="SECONDS", min=0.5, max=3600, help="How often it looks.")
    ] = 2.0,
) -> None:
    """Watch and steer on the terminal.

    State, queue, active runs with phase and age, failures, limits and capacity, looked at every two seconds.

    It works on the ledger, with what the running service adds, and goes on while none runs. Keys pause, cancel, retry
    and set the capacity; each asks first.

    Example: aip top
    """
    if url is not None and not _is_address(url):
        raise UsageError(f"--url {url} is no address of a service; write it as http://127.0.0.1:8080")
    if not sys.stdout.isatty() or not sys.stdin.isatty():
        raise UsageError("aip top needs a terminal; `aip status --json` is for pipes and scripts")
    if url is not None:
        _watch(ServiceDesk(url.rstrip("/"), _token(token_file), actor(context)), every)
        return
    if token_file is not None:
        raise UsageError("--token-file is for a service that --url names; the ledger needs none")
    call = invocation(context)
    with command_files(context, must_exist=False) as (base, ledger):

        @contextmanager
        def poller() -> Iterator[Poller]:
            settings = effective(base, ledger, time.time()).settings
            with make_client(settings, call.environ) as github:
                yield Poller(settings, ledger, github, time.time)

        _watch(LedgerDesk(base, ledger, poller, actor(context)), every)


def _watch(desk: Desk, every_seconds: float) -> None:
    TopApp(desk, every_seconds).run()


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        return False


def _token(file: Path | None) -> str | None:
    remedy = "name the file api_token of the service's state folder"
    return None if file is None else read_secret_word(file, "--token-file", remedy).reveal()
