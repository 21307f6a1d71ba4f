"""`aip run`: the service."""

import os
import sys
from typing import Annotated

import typer

from processor import logs
from processor.cli.state import command_settings
from processor.service.runner import Service


def run(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do everything up to the gate; nothing is written on GitHub.")
    ] = False,
) -> None:
    """Poll, process and serve the API until SIGTERM, which lets active runs end first; a second one stops at once.

    Example: aip run
    """
    settings = command_settings(context)
    if dry_run:
        settings = settings.model_copy(update={"main": settings.main.model_copy(update={"dry_run": True})})
    logs.configure_logging(settings.main, is_terminal=sys.stdout.isatty(), stream=sys.stdout)
    code = Service(settings, os.environ).run()
    sys.stdout.flush()
    # DBOS joins threads that may wait for a phase of an hour; everything that counts is on disk.
    os._exit(code)
