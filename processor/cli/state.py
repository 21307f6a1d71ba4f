"""What every command starts from: the settings in force, the ledger, and who is asking.

Commands that need GitHub too start from `parts`, which takes longer to load.
"""

import os
import pwd
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from processor import logs
from processor.cli import screen
from processor.cli.invocation import invocation
from processor.errors import LedgerError, SettingsError
from processor.ledger.address import ledger_url
from processor.ledger.connection import Ledger, open_ledger
from processor.ledger.operators import Act
from processor.operations.effective import effective
from processor.operations.last_good import last_good
from processor.settings.load import Loaded, load
from processor.settings.secrets import read_database_password
from processor.settings.sections import Settings


@dataclass(frozen=True)
class _QuietLog:
    """Short commands print their answer; the log on stderr is for what went wrong."""

    debug: bool
    log_level: str = "WARNING"


def command_settings(context: typer.Context) -> Settings:
    """Load the settings of the files; see `command_loaded`."""
    return command_loaded(context).settings


def command_loaded(context: typer.Context) -> Loaded:
    """Load the settings, and send what the parts log to stderr, so that stdout is the command's answer alone.

    Raises:
        SettingsError: with every fault.
    """
    call = invocation(context)
    loaded = load(call.config_dir, call.environ)
    _log_to_stderr(loaded.settings)
    return loaded


def _log_to_stderr(settings: Settings) -> None:
    """Send what the parts log to stderr."""
    logs.configure_logging(_QuietLog(settings.main.debug), stream=sys.stderr)


@contextmanager
def command_ledger(context: typer.Context, *, must_exist: bool = True) -> Iterator[tuple[Settings, Ledger]]:
    """Open the ledger alone, for commands that need no GitHub, and give it with the settings in force.

    Args:
        must_exist: refuse to make a new ledger, which would only hide that this is the wrong folder.
    """
    with command_files(context, must_exist=must_exist) as (loaded, ledger):
        yield effective(loaded, ledger, time.time()).settings, ledger


@contextmanager
def command_files(context: typer.Context, *, must_exist: bool = True) -> Iterator[tuple[Loaded, Ledger]]:
    """Open the ledger too, but give what the settings files say, whatever is overridden.

    While the files have a fault, it is what they last said to the service that lives with them.

    Raises:
        SettingsError: the files have a fault, and no service of theirs lives.
    """
    try:
        loaded = command_loaded(context)
    except SettingsError as exc:
        faults = exc
    else:
        with _opened(loaded, invocation(context).environ, must_exist=must_exist) as ledger:
            yield loaded, ledger
        return
    with _of_the_service(context, faults) as found:
        yield found


@contextmanager
def _opened(loaded: Loaded, environ: Mapping[str, str], *, must_exist: bool) -> Iterator[Ledger]:
    state = loaded.settings.main.state
    if must_exist:
        refuse_absent(loaded.settings)
    password = read_database_password(state, environ)
    ledger = open_ledger(state, password.reveal() if password else None)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def _of_the_service(context: typer.Context, faults: SettingsError) -> Iterator[tuple[Loaded, Ledger]]:
    """Give what the service goes on with while its files have a fault, and say so.

    Raises:
        SettingsError: the faults, where no service of these files lives.
    """
    call = invocation(context)
    with last_good(call.config_dir, call.environ) as found:
        if found is None:
            raise faults
        _log_to_stderr(found.loaded.settings)
        more = f" and {len(faults.faults) - 1} more" if len(faults.faults) > 1 else ""
        fault = logs.PROCESS_REDACTOR.redact(str(faults.faults[0]))
        screen.note(
            f"the settings files have a fault ({fault}{more}); {found.instance} goes on with its last good settings, "
            "and so does this command; `aip check` lists every fault"
        )
        yield found.loaded, found.ledger


def act(context: typer.Context, action: str, target: str, reason: str) -> Act:
    """Name an operator's act for the audit."""
    return Act(actor=actor(context), action=action, target=target, reason=reason)


def actor(context: typer.Context) -> str:
    """Tell who is asking: the account as login@host, behind the name that its user gave, if any.

    The account is known, its number where it has no name; the name is a claim.
    """
    try:
        login = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        login = str(os.getuid())
    account, name = f"{login}@{socket.gethostname()}", invocation(context).operator
    return f"{name} ({account})" if name else account


def refuse_absent(settings: Settings) -> None:
    """Refuse to make a new ledger where a command needs one that is there.

    Raises:
        LedgerError: there is none.
    """
    url = ledger_url(settings.main.state)
    if url.get_backend_name() != "sqlite" or url.database is None or Path(url.database).exists():
        return
    raise LedgerError(
        f"there is no ledger at {url.database} yet; start `aip run`, or call aip from the folder "
        "that state.directory starts from"
    )
