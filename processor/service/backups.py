"""Where backups of this installation come from and go to, and the one that the service makes each night."""

from collections.abc import Mapping
from pathlib import Path

from processor.ledger.address import ledger_url
from processor.ledger.connection import Ledger
from processor.operations.backup.create import create
from processor.operations.backup.databases import Databases
from processor.operations.backup.postgresql_dump import PostgresqlDump
from processor.operations.backup.prune import prune
from processor.operations.backup.site import Site
from processor.operations.backup.sqlite_files import SqliteFiles
from processor.operations.backup.store import Store
from processor.pipeline.context import Context
from processor.service.assembly import engine_database
from processor.service.nightly import NightlyDuty
from processor.settings.files import SettingsFiles
from processor.settings.rotation import rotating_database_password
from processor.settings.sections import MainFile, Settings


def backup_site(settings: Settings, files: SettingsFiles, ledger: Ledger | None = None) -> Site:
    """Put together what backups need; without an open ledger nothing can be copied."""
    state = settings.main.state
    url = ledger_url(state)
    databases: Databases
    if url.get_backend_name() == "sqlite":
        engine_file = engine_database(settings, files.environ).file or Path()
        databases = SqliteFiles(Path(url.database or ""), engine_file, ledger)
    else:
        databases = PostgresqlDump(url, rotating_database_password(state, files.environ), ledger)
    return Site(databases, files.directory, Store(settings.main.backup.directory))


def nightly_backup(context: Context, files: SettingsFiles) -> NightlyDuty:
    """Give the duty that makes the night's backup."""
    return NightlyDuty("backup", _clock_time, lambda: _make(context, files))


def _clock_time(main: MainFile) -> str | None:
    return main.backup.daily_at if main.backup.enabled else None


def _make(context: Context, files: SettingsFiles) -> Mapping[str, object]:
    """Make it, and throw away what need not be kept."""
    site = backup_site(context.settings, files, context.ledger)
    made = create(site, context.ledger)
    gone = prune(site.store, context.settings.main, context.ledger)
    size = made.manifest.size_bytes if made.manifest else 0
    return {"backup": made.name, "size_bytes": size, "deleted": [entry.name for entry in gone]}
