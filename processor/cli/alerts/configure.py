"""`aip alerts configure`: Alertmanager's configuration from the settings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from processor.alerting.alertmanager_api import reload_configuration
from processor.alerting.configuration import (
    CONFIGURATION_FILE,
    configuration_files,
    needed_secrets,
    outdated_files,
    reminders,
    write_configuration,
)
from processor.cli import options, screen
from processor.cli.state import command_settings
from processor.errors import UsageError


def configure(
    context: typer.Context,
    *,
    directory: Annotated[
        Path, typer.Option("--directory", metavar="DIR", help="Alertmanager's folder, which holds templates/.")
    ] = Path("alertmanager"),
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit code 1 when something differs.")] = False,
    reload: Annotated[bool, typer.Option("--reload", help="Have the running Alertmanager read it.")] = False,
    as_json: options.Json = False,
) -> None:
    """Write Alertmanager's configuration from the settings.

    Addresses, channels, language and office hours stand under `alerting` in auto_issue_processor.yaml, the time zone is
    `timezone` there. Secrets are not written: Alertmanager reads each from a file, and the files are listed.

    Example: aip alerts configure --directory /etc/alertmanager --reload
    """
    if check and reload:
        raise UsageError("--check writes nothing that could be read again; leave --reload out")
    main = command_settings(context).main
    alerting = main.alerting
    files = configuration_files(alerting, main.timezone)
    changed = outdated_files(directory, files)
    if not check:
        write_configuration(directory, {name: files[name] for name in changed})
    if reload:
        reload_configuration(alerting.alertmanager_url)
    secrets = needed_secrets(alerting)
    if as_json:
        names = [str(directory / name) for name in changed]
        screen.print_json({"changed": names, "is_written": not check, "secrets": secrets, "reloaded": reload})
    else:
        _print(directory, changed, secrets, is_written=not check)
        if reload:
            screen.say("Alertmanager has read it")
    for reminder in reminders(alerting):
        screen.note(reminder)
    if check and changed:
        raise typer.Exit(1)


def _print(directory: Path, changed: tuple[str, ...], secrets: Mapping[str, str], *, is_written: bool) -> None:
    for name in changed:
        screen.say(f"{directory / name} {'is written' if is_written else 'differs from the settings'}")
    if not changed:
        screen.say(f"{directory / CONFIGURATION_FILE} is as the settings say")
    screen.say("Alertmanager reads these secrets, each alone in its file:")
    width = max(map(len, secrets))
    for path, meaning in secrets.items():
        screen.say(f"  {path:{width}}  {meaning}{' (not there yet)' if _is_missing(Path(path)) else ''}")


def _is_missing(secret: Path) -> bool:
    """Look for a secret, where its folder is on this machine; Alertmanager's may be another one."""
    try:
        return secret.parent.is_dir() and not secret.exists()
    except OSError:
        return False
