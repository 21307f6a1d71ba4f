"""`aip-exporter`: the options, and one clear error with the right exit code."""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from exporter.catalogue import choose
from exporter.service import DISTRIBUTION, Exporter
from processor import logs
from processor.errors import ProcessorError, SettingsError, UsageError
from processor.settings.load import load_settings
from processor.settings.sections import Settings

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
_LOG = logs.get_logger("exporter")


@dataclass(frozen=True)
class _Silent:
    """What went wrong is printed at the end, once."""

    debug: bool = False
    log_level: str = "CRITICAL"


APP = typer.Typer(name="aip-exporter", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"aip-exporter {version(DISTRIBUTION)}")
        raise typer.Exit


def _list_collectors(is_asked: bool) -> None:
    if is_asked:
        for kind in choose():
            typer.echo(f"{kind.name:<16}{kind.summary}")
        raise typer.Exit


@APP.command()
def serve(
    config_dir: Annotated[
        Path,
        typer.Option(
            "--config-dir", metavar="DIR", envvar="AUTO_ISSUE_CONFIG_DIR", help="Folder of the settings files."
        ),
    ] = Path("configs"),
    listen: Annotated[
        str, typer.Option("--listen", metavar="HOST:PORT", help="Where to listen; exporter.host and exporter.port.")
    ] = "",
    web_config: Annotated[
        Path | None,
        typer.Option("--web-config", metavar="FILE", help="web.yml with TLS and users; exporter.web_config_file."),
    ] = None,
    collectors: Annotated[
        str, typer.Option("--collectors", metavar="NAMES", help="Only these collectors, with commas between.")
    ] = "",
    is_once: Annotated[bool, typer.Option("--once", help="Print the metrics once and leave.")] = False,
    _list: Annotated[
        bool,
        typer.Option(
            "--list-collectors", help="List the collectors and leave.", callback=_list_collectors, is_eager=True
        ),
    ] = False,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Serve what the ledger and this host know as Prometheus metrics, until SIGTERM.

    Example: aip-exporter --listen 127.0.0.1:9464
    """
    settings = load_settings(config_dir, os.environ)
    names = [name.strip() for name in collectors.split(",") if name.strip()]
    logs.configure_logging(_Silent() if is_once else settings.main, stream=sys.stderr)
    exporter = Exporter(settings, os.environ, names)
    try:
        if is_once:
            _once(exporter)
        else:
            _serve(exporter, *address(settings, listen), web_config or settings.main.exporter.web_config_file)
    finally:
        exporter.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; the result is the exit code: 0 done, 1 failed, 2 wrong usage or settings, 130 interrupted."""
    try:
        APP(args=list(sys.argv[1:] if arguments is None else arguments), prog_name="aip-exporter")
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except ProcessorError as exc:
        for line in str(exc).splitlines():
            sys.stderr.write(f"aip-exporter: {logs.PROCESS_REDACTOR.redact(line)}\n")
        return WRONG_USAGE if isinstance(exc, SettingsError | UsageError) else FAILED
    return DONE


def _once(exporter: Exporter) -> None:
    """Print what there is, and fail with what there is not."""
    text, problems = exporter.once()
    sys.stdout.write(text)
    if problems:
        raise ProcessorError("\n".join(problems))


def _serve(exporter: Exporter, host: str, port: int, web_config: Path | None) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    url = exporter.serve(host, port, web_config)
    _LOG.info(logs.EXPORTER_STARTED, url=url, pid=os.getpid())
    stop.wait()
    _LOG.info(logs.EXPORTER_STOPPED)


def address(settings: Settings, listen: str) -> tuple[str, int]:
    """Read HOST:PORT, [HOST]:PORT or :PORT; the settings give what is not said."""
    if not listen:
        return settings.main.exporter.host, settings.main.exporter.port
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"--listen {listen} is no HOST:PORT; write 127.0.0.1:9464, or 127.0.0.1:0 for any free port")
    return host.removeprefix("[").removesuffix("]") or settings.main.exporter.host, int(port)
