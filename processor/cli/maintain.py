"""`aip maintain`: upkeep of memory, disk, network and database, with readings before and after."""

import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import requests
import typer

from processor.cli import options, screen
from processor.cli.backup.shown import size
from processor.cli.reach import is_here
from processor.cli.state import act, actor, command_ledger
from processor.cli.waiting import busy
from processor.errors import NetworkError, ProcessorError, UsageError
from processor.ledger import operators, services
from processor.ledger.connection import Ledger
from processor.ledger.operators import Act
from processor.ledger.services import ServiceRecord
from processor.operations.upkeep.database import keep_database
from processor.operations.upkeep.disk import keep_disk
from processor.operations.upkeep.report import Subject, Upkeep
from processor.settings.api_token import read_api_token
from processor.settings.sections import Settings

#: Compressing a full disk of logs takes its time.
_LIMIT_SECONDS = 600.0
_ALONE = {Subject.DISK: keep_disk, Subject.DATABASE: keep_database}
Done = dict[str, Any]


def maintain(
    context: typer.Context,
    subject: Annotated[Subject, typer.Argument(metavar="SUBJECT", help="memory, disk, network or database.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    reason: options.Reason = "",
    as_json: options.Json = False,
) -> None:
    """Keep memory, disk, network or database up, and measure before and after.

    Every service of this host does it for itself; the database is done by one of them. Without one, disk and database
    are done by this command. Each service does all of it every night as well.

    Example: aip maintain disk --dry-run
    """
    with command_ledger(context) as (settings, ledger):
        with ledger.read() as db:
            alive = [one for one in services.list_services(db) if one.is_alive(time.time())]
        here = [one for one in alive if is_here(one)]
        elsewhere = [] if subject is Subject.DATABASE else [one for one in alive if not is_here(one)]
        with busy(f"keeping up {subject}"):
            if here:
                wanted = here[:1] if subject is Subject.DATABASE else here
                wish = {"subject": subject, "dry_run": dry_run, "reason": reason, "by": actor(context)}
                done, failed = _by_services(settings, wanted, wish)
            else:
                word = act(context, "maintain", subject, reason)
                done, failed = [_alone(ledger, settings, word, elsewhere, dry_run=dry_run)], {}
    if as_json:
        others = [{"instance": one.instance, "host": one.host} for one in elsewhere]
        screen.print_json({"done": done, "failed": failed, "elsewhere": others})
    else:
        for one in done:
            _print(one)
    for other in elsewhere:
        screen.note(f"{other.instance} works on {other.host}; say `aip maintain {subject}` there too")
    if failed:
        raise ProcessorError("; ".join(f"{name}: {problem}" for name, problem in failed.items()))


def _by_services(
    settings: Settings, alive: Sequence[ServiceRecord], wish: Mapping[str, object]
) -> tuple[list[Done], dict[str, str]]:
    token = read_api_token(settings.main.state).reveal()
    done: list[Done] = []
    failed: dict[str, str] = {}
    for service in alive:
        try:
            done.append(_ask(service, token, wish))
        except NetworkError as exc:
            failed[service.instance] = str(exc)
    return done, failed


def _ask(service: ServiceRecord, token: str, wish: Mapping[str, object]) -> Done:
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                f"{service.url}/api/maintain",
                json=wish,
                headers={"Authorization": f"Bearer {token}"},
                timeout=_LIMIT_SECONDS,
            )
            body = answer.json()
    except (requests.RequestException, ValueError) as exc:
        raise NetworkError(
            f"it does not answer at {service.url} ({type(exc).__name__}); `aip status` shows whether it lives"
        ) from exc
    if answer.status_code != 200:
        raise NetworkError(f"{service.url} refuses: {body.get('detail', answer.status_code)}")
    return dict(body)


def _alone(ledger: Ledger, settings: Settings, word: Act, elsewhere: Sequence[ServiceRecord], *, dry_run: bool) -> Done:
    subject = Subject(word.target)
    keep = _ALONE.get(subject)
    if keep is None:
        hosts = ", ".join(sorted({one.host for one in elsewhere}))
        remedy = f"say it on {hosts}" if hosts else "start `aip run`"
        raise UsageError(f"no service lives on this host, so there is no {subject} of one to keep up; {remedy}")
    screen.note("no service lives on this host; it is done by this command alone")
    done: Upkeep = keep(ledger, settings.main, dry_run=dry_run)
    if not dry_run:
        with ledger.write() as db:
            operators.record(db, word, time.time())
    return {
        "instance": None,
        "subject": str(done.subject),
        "is_dry_run": done.is_dry_run,
        "did": list(done.did),
        "readings": [one.__dict__ for one in done.readings],
    }


def _print(done: Done) -> None:
    screen.say(f"{done['subject']}, {done['instance'] or 'this host'}:", "bold")
    for sentence in done["did"] or ["nothing to do"]:
        screen.say(f"  {sentence}")
    for reading in done["readings"]:
        shown = size if reading["unit"] == "bytes" else "{:.0f}".format
        after = "" if reading["after"] is None else f" -> {shown(reading['after'])}"
        screen.say(f"  {reading['name']}: {shown(reading['before'])}{after}")
