"""`aip-exporter`: the options, and one clear error with the right exit code.

argparse, and not Typer as in `aip`: one command needs no more, and memory is short here.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

from exporter.catalogue import choose
from exporter.service import DISTRIBUTION, Exporter
from processor import logs
from processor.errors import ProcessorError, SettingsError, UsageError
from processor.settings.load import load_settings
from processor.settings.sections import Settings

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
CONFIG_DIR_VARIABLE = "AUTO_ISSUE_CONFIG_DIR"
_LOG = logs.get_logger("exporter")


@dataclass(frozen=True)
class _Silent:
    """What went wrong is printed at the end, once."""

    debug: bool = False
    log_level: str = "CRITICAL"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; the result is the exit code: 0 done, 1 failed, 2 wrong usage or settings, 130 interrupted."""
    sys.stderr = sys.stderr or _nowhere()
    try:
        _run(_parser().parse_args(arguments))
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except ProcessorError as exc:
        for line in str(exc).splitlines():
            sys.stderr.write(f"aip-exporter: {logs.PROCESS_REDACTOR.redact(line)}\n")
        return WRONG_USAGE if isinstance(exc, SettingsError | UsageError) else FAILED
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="aip-exporter",
        description="Serve what the ledger and this host know as Prometheus metrics, until SIGTERM.",
        epilog="Example: aip-exporter --listen 127.0.0.1:9464",
        allow_abbrev=False,
    )
    add = parser.add_argument
    default = Path(os.environ.get(CONFIG_DIR_VARIABLE) or "configs")
    add("--config-dir", metavar="DIR", type=Path, default=default, help="folder of the settings files")
    add("--listen", metavar="HOST:PORT", default="", help="where to listen, else exporter.host and exporter.port")
    add("--web-config", metavar="FILE", type=Path, help="web.yml with TLS and users, else exporter.web_config_file")
    add("--collectors", metavar="NAMES", default="", help="only these collectors, with commas between")
    add("--list-collectors", action="store_true", help="list the collectors and leave")
    add("--once", action="store_true", help="print the metrics once and leave")
    add("--version", action="version", version=f"aip-exporter {version(DISTRIBUTION)}", help="print it and leave")
    return parser


def _run(options: argparse.Namespace) -> None:
    if options.list_collectors:
        _print("".join(f"{kind.name:<16}{kind.summary}\n" for kind in choose()))
        return
    settings = load_settings(options.config_dir, os.environ)
    names = [name.strip() for name in options.collectors.split(",") if name.strip()]
    logs.configure_logging(_Silent() if options.once else settings.main, stream=sys.stderr)
    exporter = Exporter(settings, os.environ, names)
    try:
        if options.once:
            _print_once(exporter)
        else:
            host, port = address(settings, options.listen)
            _serve(exporter, host, port, options.web_config or settings.main.exporter.web_config_file)
    finally:
        exporter.close()


def _print_once(exporter: Exporter) -> None:
    """Print what there is, and fail with what there is not."""
    text, problems = exporter.once()
    _print(text)
    if problems:
        raise ProcessorError("\n".join(problems))


def _print(text: str) -> None:
    """Write to standard output, which may be full, read no further, or closed before we started, as by `>&-`.

    Raises:
        ProcessorError: the system refuses it.
    """
    sys.stdout = sys.stdout or _nowhere()
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as exc:  # who reads, as head does, wants no more
        sys.stdout = _nowhere()
        raise SystemExit(FAILED) from exc
    except OSError as exc:
        sys.stdout = _nowhere()
        raise ProcessorError(f"the output cannot be written: {exc.strerror}; make room, or name another file") from exc


def _nowhere() -> TextIO:
    """Take what is left of the output: Python would fail on it once more at its own end."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _serve(exporter: Exporter, host: str, port: int, web_config: Path | None) -> None:
    stop = threading.Event()
    # Nothing is read anew at SIGHUP: a terminal that closes ends it in good order, too.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    url = exporter.serve(host, port, web_config)
    _LOG.info(logs.EXPORTER_STARTED, url=url, pid=os.getpid())
    stop.wait()
    _LOG.info(logs.EXPORTER_STOPPED)


def address(settings: Settings, listen: str) -> tuple[str, int]:
    """Read HOST:PORT, [HOST]:PORT or :PORT; the settings give what is not said.

    Raises:
        UsageError: it is none of these.
    """
    if not listen:
        return settings.main.exporter.host, settings.main.exporter.port
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"--listen {listen} is no HOST:PORT; write 127.0.0.1:9464, or 127.0.0.1:0 for any free port")
    return host.removeprefix("[").removesuffix("]") or settings.main.exporter.host, int(port)
