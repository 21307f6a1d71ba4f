"""`aip run`: the service."""

import os
import sys
from typing import Annotated

import typer

from processor import logs
from processor.cli import screen
from processor.cli.invocation import invocation
from processor.cli.requirements import require_git
from processor.service.heap import share_heaps
from processor.service.runner import Service
from processor.settings.cautions import warnings
from processor.settings.files import SettingsFiles
from processor.settings.secrets import secret_warnings

_LOG = logs.get_logger("service")


def run(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do everything up to the gate; nothing is written on GitHub.")
    ] = False,
) -> None:
    """Poll, process and serve the API until SIGTERM, which lets active runs end first; a second one stops at once.

    Example: aip run
    """
    call = invocation(context)
    files = SettingsFiles(call.config_dir, call.environ)
    loaded = files.load()
    settings = loaded.settings
    logs.configure_logging(settings.main, is_terminal=sys.stdout.isatty(), stream=sys.stdout)
    _LOG.info(logs.SETTINGS_LOADED, folder=str(call.config_dir), environment=settings.environment_name)
    for doubt in (*warnings(loaded), *secret_warnings(settings, call.environ)):
        _LOG.warning(logs.SETTINGS_DOUBTED, doubt=str(doubt))
    require_git(call.environ)
    share_heaps(call.environ)
    is_watched = sys.stdout.isatty()
    pinned = {"main.dry_run": True} if dry_run else {}
    code = Service(files, loaded, pinned=pinned, tell=screen.note if is_watched else _to_nobody).run()
    sys.stdout.flush()
    # DBOS joins threads that may wait for a phase of an hour; everything that counts is on disk.
    os._exit(code)


def _to_nobody(_sentence: str) -> None:
    """Say nothing: where no person watches, the logs tell."""
