"""`aip forge workload`: the embedded forge, with people who ask for work all the time."""

import os
from pathlib import Path
from typing import Annotated

import typer

from processor.cli import screen
from processor.cli.forge import Host, Listen, Port, Root, announce, told_plainly
from processor.cli.requirements import require_git
from processor.demo.stage import DEFAULT_PACKAGE
from processor.demo.workload import Workload, prepare, take_turn
from processor.errors import UsageError
from processor.forge import Forge
from processor.forge.serve import serve


def workload(
    *,
    root: Root,
    token_file: Annotated[
        Path, typer.Option("--token-file", metavar="FILE", help="Token of the processor, of your own making.")
    ],
    port: Port = 0,
    listen: Listen = "127.0.0.1",
    host: Host = "127.0.0.1",
    every: Annotated[float, typer.Option("--every", metavar="SECONDS", min=0.1, help="From issue to issue.")] = 30.0,
    package: Annotated[
        str, typer.Option("--package", metavar="NAME", help="Installed distribution or package whose sources are used.")
    ] = DEFAULT_PACKAGE,
) -> None:
    """Serve a small GitHub on which people ask for work all the time, until SIGTERM.

    Defects of an installed package become issues, one after the other; some must not succeed. Pull requests are merged
    or closed. Started again, it goes on where it was. The profile `demo` of docker-compose.yml runs it.

    Example: aip forge workload --root /tmp/forge --port 8931 --token-file token --every 10
    """
    require_git(os.environ)
    token = _token(token_file)
    prepared: list[Workload] = []

    def begin(forge: Forge) -> None:
        prepared.append(prepare(forge, package, token))
        announce(forge)
        screen.say(f"workload: {prepared[0].repository}, an issue every {every:g} s")

    with told_plainly(root, port):
        serve(
            root,
            port,
            listen=listen,
            host=host,
            on_ready=begin,
            on_turn=lambda forge: take_turn(forge, prepared[0]),
            turn_seconds=every,
        )


def _token(path: Path) -> str:
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"{path} cannot be read: {exc}; put a token of your own making into it") from exc
    if not token:
        raise UsageError(f"{path} is empty; put a token of your own making into it")
    return token
