"""`aip forge`: the embedded forge alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from processor.cli import screen
from processor.cli.lazy import Listed, lazy_app
from processor.cli.requirements import require_git
from processor.errors import ProcessorError
from processor.forge import Forge
from processor.forge.serve import serve as serve_forge

COMMANDS = (
    Listed("serve", "processor.cli.forge:serve", "Serve a small GitHub from a folder until SIGTERM."),
    Listed(
        "workload",
        "processor.cli.forge_workload:workload",
        "Serve a small GitHub on which people ask for work all the time.",
    ),
)
APP = lazy_app(
    COMMANDS,
    help="The embedded forge: a small GitHub on this machine.\n\nExample: aip forge serve --root /tmp/forge",
)


Root = Annotated[Path, typer.Option("--root", metavar="DIR", help="Folder of its data; made when it is new.")]
Port = Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes a free port.")]
Listen = Annotated[str, typer.Option("--listen", metavar="ADDRESS", help="IPv4 address to bind; it has no passwords.")]
Host = Annotated[str, typer.Option("--host", metavar="NAME", help="Our name in the addresses it gives out.")]


def serve(
    root: Root,
    port: Port = 0,
    listen: Listen = "127.0.0.1",
    host: Host = "127.0.0.1",
) -> None:
    """Serve a small GitHub from a folder until SIGTERM.

    It speaks the REST calls that the processor uses, and git over HTTP. It listens on 127.0.0.1 alone; `--listen` opens
    it to a network of your own, such as one of containers.

    Example: aip forge serve --root /tmp/forge --port 8900
    """
    require_git(os.environ)
    with told_plainly(root, port):
        serve_forge(root, port, listen=listen, host=host, on_ready=announce)


@contextmanager
def told_plainly(root: Path, port: int) -> Iterator[None]:
    """Turn what keeps a forge from being served into one clear error."""
    try:
        yield
    except OSError as exc:
        raise ProcessorError(
            f"the forge cannot keep its data in {root}: {exc.strerror or exc}; name a folder that this user may write"
        ) from exc
    except RuntimeError as exc:
        raise ProcessorError(f"the forge cannot be served from {root} on port {port}: {exc}") from exc


def announce(forge: Forge) -> None:
    """Print where the forge is."""
    screen.say(f"forge:    {forge.url}")
    screen.say(f"REST:     {forge.api_url}   (github.base_url)")
    screen.say(f"control:  {forge.url}/_forge/   (POST do/create_repository, do/create_token, do/open_issue, ...)")
    screen.say(f"data:     {forge.root.absolute()}")
