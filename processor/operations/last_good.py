"""Find the last good settings of a service whose files have a fault now.

They are in the ledger that the service works on. Which one that is, only the faulty files say, so their word is a trace
and never enough: the ledger it leads to must hold the word of a service that lives, on this host, with these very files
under the same variables. Otherwise nothing is found, and nothing was written or made.
"""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processor.errors import LedgerError, SettingsError
from processor.ledger import service_settings, services
from processor.ledger.address import ledger_url
from processor.ledger.connection import Ledger, open_ledger
from processor.settings.layers import Layer
from processor.settings.load import Loaded, load_without_faults
from processor.settings.noted import loaded_of
from processor.settings.overriding import value_at
from processor.settings.secrets import read_database_password
from processor.settings.sections import Settings


@dataclass(frozen=True)
class LastGood:
    """What a living service works with, and its ledger, which is open."""

    instance: str
    loaded: Loaded
    ledger: Ledger


@contextmanager
def last_good(folder: Path, environ: Mapping[str, str]) -> Iterator[LastGood | None]:
    """Give the last good settings of the service that reads `folder`; None where no such service lives."""
    trace = load_without_faults(folder, environ)
    ledger = _open(trace.settings, environ)
    if ledger is None:
        yield None
        return
    try:
        yield _of_living(ledger, trace, str(folder.resolve()))
    finally:
        ledger.close()


def _open(settings: Settings, environ: Mapping[str, str]) -> Ledger | None:
    url = ledger_url(settings.main.state)
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
        return None
    try:
        password = read_database_password(settings.main.state, environ)
        return open_ledger(settings.main.state, password.reveal() if password else None, migrate=False)
    except (LedgerError, SettingsError):
        return None


def _of_living(ledger: Ledger, trace: Loaded, folder: str) -> LastGood | None:
    try:
        with ledger.read() as db:
            noted = service_settings.list_noted(db, socket.gethostname(), folder)
            lives = {one.instance: one for one in services.list_services(db) if one.is_alive(time.time())}
    except LedgerError:
        return None
    for one in noted:
        if one.instance not in lives or one.noted_at < lives[one.instance].started_at:
            continue
        try:
            loaded = loaded_of(one.document)
        except SettingsError:
            continue
        if _surroundings(loaded) == _surroundings(trace):
            return LastGood(one.instance, loaded, ledger)
    return None


def _surroundings(loaded: Loaded) -> dict[str, object]:
    """Give what decides beside the files where a service's ledger is."""
    given = [key for key in loaded.origins if key.startswith("main.state.")]
    return {"environment": loaded.settings.environment_name} | {
        key: value_at(loaded.settings, key) for key in given if loaded.origin(key).layer == Layer.VARIABLE
    }
