"""`aip demo`: the whole way on a real code base, on this machine alone."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console

from processor import logs
from processor.cli.options import Json
from processor.demo.interruption import one_interruption
from processor.demo.report import print_report, where_things_are
from processor.demo.result import DemoResult, as_object
from processor.demo.scene import Places, run_demo
from processor.demo.stage import DEFAULT_ISSUES, DEFAULT_PACKAGE, Options
from processor.demo.watching import Watcher
from processor.demo.words import neutral
from processor.settings.sections import EnvironmentProfile

_PIPE_WIDTH = 120


def demo(
    package: Annotated[
        str, typer.Option("--package", metavar="NAME", help="Installed distribution or package whose sources are used.")
    ] = DEFAULT_PACKAGE,
    issues: Annotated[
        int, typer.Option("--issues", metavar="N", min=1, max=50, help="How many real defects become issues.")
    ] = DEFAULT_ISSUES,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Keep everything in this empty or new folder.")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Afterwards keep the forge and the service up until Ctrl-C.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the whole way, from issue to pull request, without GitHub and without a token.

    The sources of an installed package go to a small GitHub on this machine. Real defects in them, found by ruff and
    codespell, become issues; so do some that must not succeed. The real service works on them. Exit 0 only when every
    issue ended as it should.

    Example: aip demo --package requests --issues 5 --keep /tmp/aip-demo
    """
    logs.configure_logging(EnvironmentProfile(log_level="WARNING"), stream=sys.stderr)
    aip = _own_command()
    watcher = Watcher(_console(sys.stderr))
    options = Options(package=package, issues=issues, keep=keep, is_served=serve)

    def present(result: DemoResult, places: Places) -> None:
        if as_json:
            _print_object(result)
            for name, place in where_things_are(result, places, aip):
                watcher.tell(f"  {name}: {place}" if name else f"  {place}")
        else:
            print_report(_console(sys.stdout), result, places, aip)
        sys.stdout.flush()

    with one_interruption():
        result = run_demo(options, os.environ, watcher, present)
    if as_json:
        for problem in result.problems:
            typer.echo(f"not as it should be: {neutral(problem)}", err=True)
    if not result.is_as_expected:
        raise typer.Exit(1)


def _own_command() -> str:
    """Say how the reader calls us: by name where the shell finds it, else by path, as in a checkout's .venv."""
    own = Path(sys.executable).with_name("aip")
    if shutil.which("aip") or not own.exists():
        return "aip"
    return str(own.relative_to(Path.cwd())) if own.is_relative_to(Path.cwd()) else str(own)


def _print_object(result: DemoResult) -> None:
    sys.stdout.write(json.dumps(as_object(result), ensure_ascii=False, indent=2) + "\n")


def _console(stream: TextIO) -> Console:
    width = None if stream.isatty() else _PIPE_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)
