"""`aip ledger grant-reader`: a role of PostgreSQL that reads the ledger, for Grafana and the exporter."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from processor.cli import options, screen
from processor.cli.invocation import invocation
from processor.cli.state import command_settings
from processor.ledger import readers
from processor.ledger.connection import unopened_ledger
from processor.ledger.readers import Reader
from processor.settings.secrets import read_database_password, read_reader_password


def grant_reader(
    context: typer.Context,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="The role, such as aip_reader.")],
    *,
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", metavar="FILE", help="Make the role, or set its password to what is in here."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Let a role read the ledger, no more.

    For Grafana's list of issues and for an exporter, on PostgreSQL. It reads each table of the ledger, also those that
    a later version makes, and nothing of the engine. May be repeated at any time, also before the first start.

    Example: aip ledger grant-reader aip_reader --password-file /etc/aip/secrets/reader_password
    """
    settings = command_settings(context)
    wanted = read_reader_password(password_file) if password_file else None
    password = read_database_password(settings.main.state, invocation(context).environ)
    ledger = unopened_ledger(settings.main.state, password.reveal() if password else None)
    try:
        reader = readers.grant_reader(ledger, role, wanted.reveal() if wanted else None)
    finally:
        ledger.close()
    if as_json:
        screen.print_json(asdict(reader))
    else:
        _print(reader)


def _print(reader: Reader) -> None:
    screen.say(
        f"{reader.role} may read the ledger in the database {reader.database}, {reader.tables} tables now and those to "
        "come, and write nothing"
    )
    if reader.may_make_temporary_tables:
        screen.note(
            "it may still make temporary tables; the owner of the database ends that with "
            f"REVOKE TEMPORARY ON DATABASE {reader.database} FROM PUBLIC"
        )
