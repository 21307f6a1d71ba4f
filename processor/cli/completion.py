"""What the shell offers after Tab for runs, issues, settings, alerts, items and backups: read quickly, or nothing.

No stranger's text is offered: zsh evaluates what a program answers, and titles are written by anybody.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from processor.errors import ProcessorError

if TYPE_CHECKING:
    from processor.cli.invocation import Invocation
    from processor.settings.sections import Settings

_ENDED = 30
Offer = tuple[str, str]


def offer_runs(context: typer.Context, incomplete: str) -> list[Offer]:
    """Offer run ids, newest of those that ended last, and the issues that they are of."""
    found = list(_runs(context))
    issues = dict.fromkeys((issue, "its newest run") for _, issue, _ in found)
    return _fitting([*((run_id, f"{issue} {word}") for run_id, issue, word in found), *issues], incomplete)


def offer_issues(context: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the issues that runs are of."""
    return _fitting(list(dict.fromkeys((issue, word) for _, issue, word in _runs(context))), incomplete)


def offer_keys(incomplete: str) -> list[Offer]:
    """Offer every setting, below `main` with or without that word."""
    from processor.settings.overriding import leaves  # noqa: PLC0415  # help needs none of these
    from processor.settings.sections import Settings  # noqa: PLC0415

    full = [(key, "") for key in leaves(Settings())]
    return _fitting(full, incomplete) or _fitting([(key.removeprefix("main."), "") for key, _ in full], incomplete)


def offer_changeable(context: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the settings that change at run time, where a key is due: behind each comes its value."""
    from processor.settings.keys import full_key  # noqa: PLC0415  # help needs none of these
    from processor.settings.run_time import of_key  # noqa: PLC0415

    if len(context.params.get("pairs") or ()) % 2:
        return []
    return [offer for offer in offer_keys(incomplete) if of_key(full_key(offer[0])) is None]


def offer_sections(context: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the sections of the list that the command goes through."""
    from processor.model import CHECKLIST_SECTIONS  # noqa: PLC0415  # help needs none of these

    sections = next((found for one, found in CHECKLIST_SECTIONS.items() if one == context.info_name), ())
    return _fitting([(str(section), "") for section in sections], incomplete)


def offer_alerts(incomplete: str) -> list[Offer]:
    """Offer the alerts that are shipped."""
    from processor.alerting.drill.scripts import SCRIPTS  # noqa: PLC0415  # help needs none of these

    return _fitting([(name, "") for name in sorted(SCRIPTS)], incomplete)


def offer_items(incomplete: str) -> list[Offer]:
    """Offer the items of both checklists."""
    from processor.checklists.items import ITEMS  # noqa: PLC0415  # help needs none of these

    return _fitting([(one.name, f"{one.checklist}, {one.section}") for one in ITEMS], incomplete)


def offer_backups(context: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the backups that are there, newest first, and `latest`."""
    from processor.operations.backup.store import Store  # noqa: PLC0415  # help needs none of these

    try:
        names = [entry.name for entry in Store(_installation(context)[1].main.backup.directory).entries()]
    except (ProcessorError, OSError):
        return []
    return _fitting([(name, "") for name in ("latest", *names)] if names else [], incomplete)


def _fitting(offers: list[Offer], incomplete: str) -> list[Offer]:
    return [offer for offer in offers if offer[0].startswith(incomplete)]


def _runs(context: typer.Context) -> Iterator[tuple[str, str, str]]:
    """Give run, issue and where it stands; nothing where the ledger cannot be read: a shell is no place to complain."""
    try:
        yield from _read(context)
    except (ProcessorError, OSError):
        return


def _read(context: typer.Context) -> Iterator[tuple[str, str, str]]:
    from processor.cli.outcome_word import outcome_word  # noqa: PLC0415  # help needs none of these
    from processor.ledger import queries  # noqa: PLC0415
    from processor.settings.secrets import read_database_password  # noqa: PLC0415

    call, settings = _installation(context)
    state = settings.main.state
    password = read_database_password(state, call.environ)
    door = queries.LedgerDoor(state, password.reveal if password else None)
    try:
        with door.read() as db:
            found = (*queries.active_runs(db), *queries.backlog(db, _ENDED), *queries.recent_runs(db, _ENDED))
    finally:
        door.close()
    for run in found:
        yield run.run_id, str(run.ref), outcome_word(run)


def _installation(context: typer.Context) -> tuple["Invocation", "Settings"]:
    from processor.cli.invocation import DEFAULT_CONFIG_DIR, Invocation  # noqa: PLC0415  # help needs none of these
    from processor.settings.load import load_settings  # noqa: PLC0415

    # Completion calls no callback, so nobody has put the global options together yet.
    call = Invocation(context.find_root().params.get("config_dir") or DEFAULT_CONFIG_DIR)
    return call, load_settings(call.config_dir, call.environ)
