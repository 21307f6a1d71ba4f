"""`aip forge`: the embedded forge alone."""

import os
from pathlib import Path
from typing import Annotated

import typer

from processor.cli import screen
from processor.cli.lazy import Listed, lazy_app
from processor.cli.requirements import require_git
from processor.errors import ProcessorError
from processor.forge import Forge
from processor.forge.serve import serve as serve_forge

COMMANDS = (Listed("serve", "processor.cli.forge:serve", "Serve a small GitHub from a folder until SIGTERM."),)
APP = lazy_app(
    COMMANDS,
    help="The embedded forge: a small GitHub on this machine.\n\nExample: aip forge serve --root /tmp/forge",
)


def serve(
    root: Annotated[Path, typer.Option("--root", metavar="DIR", help="Folder of its data; made when it is new.")],
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes a free port.")] = 0,
) -> None:
    """Serve a small GitHub from a folder until SIGTERM.

    It speaks the REST calls that the processor uses, and git over HTTP, on 127.0.0.1 alone.

    Example: aip forge serve --root /tmp/forge --port 8900
    """
    require_git(os.environ)
    try:
        serve_forge(root, port, on_ready=_announce)
    except OSError as exc:
        raise ProcessorError(
            f"the forge cannot keep its data in {root}: {exc.strerror or exc}; name a folder that this user may write"
        ) from exc
    except RuntimeError as exc:
        raise ProcessorError(f"the forge cannot be served from {root} on port {port}: {exc}") from exc


def _announce(forge: Forge) -> None:
    screen.say(f"forge:    {forge.url}")
    screen.say(f"REST:     {forge.api_url}   (github.base_url)")
    screen.say(f"control:  {forge.url}/_forge/   (POST do/create_repository, do/create_token, do/open_issue, ...)")
    screen.say(f"data:     {forge.root.absolute()}")
