"""`aip import legacy`: the files of the original system, into tables of their own."""

import codecs
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from processor.cli import options, screen
from processor.cli.imports import legacy_text
from processor.cli.imports.files import write_files
from processor.cli.imports.legacy_text import Outcome, Verified
from processor.cli.state import act, command_ledger, command_settings
from processor.cli.waiting import busy
from processor.errors import UsageError
from processor.ledger.address import ledger_url
from processor.ledger.connection import Ledger
from processor.operations.legacy import take_over
from processor.operations.legacy.findings import Findings
from processor.operations.legacy.old_settings import Translation, translate
from processor.operations.legacy.survey import Surveyor
from processor.settings.sections import Settings


def legacy(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the original system, or a copy.")],
    *,
    is_dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report; write nothing.")] = False,
    repository: Annotated[
        str | None, typer.Option("--repository", metavar="OWNER/REPO", help="Whose issues the old files number.")
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option("--timezone", metavar="ZONE", help="Of old times; as in the settings by default."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Of the old files; found out by default.")
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="For refused rows and translated settings.")
    ] = Path("imported"),
    verify: Annotated[bool, typer.Option("--verify", help="Ask GitHub whether each claimed success is one.")] = False,
    into_totals: Annotated[
        bool, typer.Option("--into-totals", help="Also count the runs in the totals that metrics and SLOs show.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Take over what the original system left in a folder: runs, reports, alerts, settings.

    The runs are kept apart from ours: no list, report, metric or SLO counts them unless --into-totals says so. What
    was taken over once is not taken again. Every row that is refused is reported with its file, line and reason.

    Example: aip import legacy /opt/old --dry-run
    """
    if is_dry_run and (verify or into_totals):
        raise UsageError("a dry run writes nothing; leave out --verify and --into-totals, or --dry-run")
    settings = command_settings(context)
    with busy(f"reading {folder}"):
        old = _read(settings, _Old(folder, repository, timezone or settings.main.timezone, encoding))
    with _ledger(context, settings, is_dry_run=is_dry_run) as ledger:
        if is_dry_run or ledger is None:
            outcome = Outcome(old.findings, take_over.look(ledger, old.findings), old.translation, is_dry_run=True)
        else:
            done = act(context, "import.legacy", str(folder), "")
            with busy("writing it into the ledger"):
                compared = take_over.take_over(ledger, old.findings, done, time.time())
            files = write_files(output, old.findings, old.translation, old.settings)
            outcome = Outcome(old.findings, compared, old.translation, files=files)
    if verify:
        outcome.verified = _verify(context)
    if into_totals:
        outcome.counted = _count(context, folder)
    legacy_text.show(outcome, as_json=as_json)


@dataclass(frozen=True)
class _Old:
    """The old files, and how they are to be understood."""

    folder: Path
    repository: str | None
    timezone: str
    encoding: str | None


@dataclass(frozen=True)
class _Read:
    """What they hold; `settings` is the text of each settings file."""

    findings: Findings
    translation: Translation
    settings: dict[str, str]


def _read(settings: Settings, old: _Old) -> _Read:
    zone, encoding = _zone(old.timezone), _encoding(old.encoding)
    if not old.folder.is_dir():
        raise UsageError(
            f"{old.folder} is no folder; name the one that holds logs/ and configs/ of the original system"
        )
    try:
        # The old settings may name the repository, so they are read first.
        texts = Surveyor.settings_of(old.folder, encoding)
        surveyor = Surveyor(_repository(settings, old.repository, translate(texts)), zone, encoding, screen.note)
        surveyor.read(old.folder)
    except OSError as exc:
        raise UsageError(f"{exc.filename} cannot be read ({exc.strerror}); let this user read it") from exc
    survey = surveyor.survey
    return _Read(survey.findings, translate(survey.settings), survey.settings)


def _repository(settings: Settings, named: str | None, translation: Translation) -> str:
    if named is not None:
        return options.repository_name(named)
    listed = [one.name for one in settings.main.repositories]
    found = translation.repository or (listed[0] if len(listed) == 1 else None)
    if found is None:
        raise UsageError("the old files number issues and name no repository; say which with --repository OWNER/REPO")
    return found


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise UsageError(f"{name!r} is no time zone; write one such as Asia/Tokyo") from exc


def _encoding(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return codecs.lookup(name).name
    except LookupError as exc:
        raise UsageError(f"{name!r} is no encoding; write one such as utf-8, cp932 or euc_jp") from exc


@contextmanager
def _ledger(context: typer.Context, settings: Settings, *, is_dry_run: bool) -> Iterator[Ledger | None]:
    """Open the ledger, made when it is not there; None instead in a dry run."""
    url = ledger_url(settings.main.state)
    is_file = url.get_backend_name() == "sqlite" and url.database is not None
    if is_dry_run and is_file and not Path(str(url.database)).exists():
        yield None
        return
    with command_ledger(context, must_exist=False) as (_, ledger):
        yield ledger


def _verify(context: typer.Context) -> Verified:
    from processor.cli.imports.verify import verify_claims  # noqa: PLC0415  # brings PyGithub, which few imports need

    return verify_claims(context)


def _count(context: typer.Context, folder: Path) -> int:
    with command_ledger(context) as (_, ledger):
        return take_over.count(ledger, act(context, "import.counted", str(folder), "--into-totals"), time.time())
