"""What the shell offers for runs and issues: those of the ledger, read alone and quickly, or nothing.

No stranger's text is offered: zsh evaluates what a program answers, and titles are written by anybody.
"""

from collections.abc import Iterator

import typer

from processor.errors import ProcessorError

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


def _fitting(offers: list[Offer], incomplete: str) -> list[Offer]:
    return [offer for offer in offers if offer[0].startswith(incomplete)]


def _runs(context: typer.Context) -> Iterator[tuple[str, str, str]]:
    """Give run, issue and where it stands; nothing where the ledger cannot be read: a shell is no place to complain."""
    try:
        yield from _read(context)
    except (ProcessorError, OSError):
        return


def _read(context: typer.Context) -> Iterator[tuple[str, str, str]]:
    from processor.cli.invocation import DEFAULT_CONFIG_DIR, Invocation  # noqa: PLC0415  # help needs none of these
    from processor.cli.outcome_word import outcome_word  # noqa: PLC0415
    from processor.ledger import queries  # noqa: PLC0415
    from processor.settings.load import load_settings  # noqa: PLC0415
    from processor.settings.secrets import read_database_password  # noqa: PLC0415

    # Completion calls no callback, so nobody has put the global options together yet.
    call = Invocation(context.find_root().params.get("config_dir") or DEFAULT_CONFIG_DIR)
    state = load_settings(call.config_dir, call.environ).main.state
    password = read_database_password(state, call.environ)
    door = queries.LedgerDoor(state, password.reveal if password else None)
    try:
        with door.read() as db:
            found = (*queries.active_runs(db), *queries.backlog(db, _ENDED), *queries.recent_runs(db, _ENDED))
    finally:
        door.close()
    for run in found:
        yield run.run_id, str(run.ref), outcome_word(run)
