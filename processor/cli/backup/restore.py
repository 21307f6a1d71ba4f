"""`aip backup restore`: put a backup in place."""

import time
from typing import Annotated

import typer

from processor.cli import options, screen, words
from processor.cli.backup.places import Name, files_of, site_alone
from processor.cli.state import act, command_settings
from processor.cli.waiting import busy
from processor.errors import GitHubError, NetworkError, SettingsError
from processor.ledger import operators, restoration
from processor.ledger.connection import Ledger
from processor.operations.backup.manifest import Manifest
from processor.operations.backup.prune import write_down
from processor.operations.backup.restore import Restored
from processor.operations.backup.restore import restore as put_back
from processor.operations.catching_up import CaughtUp, catch_up
from processor.service.assembly import Parts, make_client, make_liveness, open_ledger_of
from processor.settings.sections import Settings

Force = Annotated[bool, typer.Option("--force", help="Put it in place of a ledger that is there, which is kept.")]


def restore(
    context: typer.Context,
    name: Name,
    *,
    force: Force = False,
    reason: options.Reason = "",
    as_json: options.Json = False,
) -> None:
    """Put a backup in place of what is lost.

    No service may run. The backup is restored on trial first. Then GitHub is asked what was published since, so that no
    issue gets a second pull request; where it cannot be asked now, `aip run` asks before it does anything.

    Example: aip backup restore latest
    """
    settings = command_settings(context)
    files = files_of(context)
    site = site_alone(context, settings)
    entry = site.store.find(name)
    with busy(f"restoring {entry.name}"):
        done = put_back(
            site,
            entry,
            make_liveness(settings, files.environ),
            force=force,
            mark=lambda manifest: _mark(context, settings, manifest, reason),
        )
    ledger = open_ledger_of(settings, files.environ)
    try:
        write_down(site.store, ledger)
        learned, missing = _ask_github(context, settings, ledger)
    finally:
        ledger.close()
    if as_json:
        screen.print_json(_json(done, learned, missing))
    else:
        _say(done, learned, missing)


def _mark(context: typer.Context, settings: Settings, manifest: Manifest, reason: str) -> None:
    ledger = open_ledger_of(settings, files_of(context).environ)
    try:
        with ledger.write() as db:
            restoration.mark_restored(db, made_at=manifest.made_at, now=time.time())
            operators.record(db, act(context, "backup.restore", manifest.name, reason), time.time())
    finally:
        ledger.close()


def _ask_github(context: typer.Context, settings: Settings, ledger: Ledger) -> tuple[CaughtUp | None, str]:
    """Learn what was missed; without GitHub say why not."""
    environ = files_of(context).environ
    try:
        github = make_client(settings, environ)
        with github:
            return catch_up(Parts(settings, ledger, github, environ).context()), ""
    except (SettingsError, GitHubError, NetworkError) as exc:
        return None, str(exc)


def _json(done: Restored, learned: CaughtUp | None, missing: str) -> dict[str, object]:
    return {
        "restored": done.manifest.name,
        "made_at": done.manifest.made_at,
        "runs": done.manifest.contents.runs,
        "former_kept_at": done.kept or None,
        "adopted": None if learned is None else [pull.url for pull in learned.adopted],
        "strange": None if learned is None else [pull.url for pull in learned.strange],
        "github_problem": missing or None,
    }


def _say(done: Restored, learned: CaughtUp | None, missing: str) -> None:
    manifest = done.manifest
    screen.say(
        f"restored {manifest.name} of {words.moment(manifest.made_at)}: {words.count(manifest.contents.runs, 'run')}"
    )
    if done.kept:
        screen.say(f"the former ledger is kept: {done.kept}")
    if manifest.database == "postgresql":
        screen.note("who may read the ledger was not restored; say `aip ledger grant-reader` again")
    if learned is None:
        screen.note(f"GitHub was not asked yet ({missing}); `aip run` asks before it does anything")
        return
    for pull in learned.adopted:
        screen.say(f"adopted {pull.url}")
    for pull in learned.strange:
        screen.note(f"{pull.url} is on a branch like ours and names no run; it is left to people")
    screen.say(f"GitHub was asked: {words.count(len(learned.adopted), 'pull request')} adopted; start `aip run`")
