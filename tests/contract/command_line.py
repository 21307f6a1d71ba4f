"""Find the `aip …` commands in shell blocks, and read each with the real command line, without running it."""

import re
import shlex
from collections.abc import Iterator

import typer
from typer.exceptions import TyperException

from processor.cli.main import APP

#: What may stand before it: `VARIABLE=…`, `docker compose exec processor`, `sudo` and perhaps user and `env`, a folder.
_BEFORE = re.compile(
    r"^(?:[A-Z_]+=\S+ )*(?:docker compose (?:exec|run)(?: -\S+)* \w+ |sudo (?:-u \w+ )?(?:env (?:\S+=\S+ )*)?)?"
    r"(?:/opt/aip/bin/)?aip "
)


def commands(block: str) -> Iterator[tuple[str, ...]]:
    """Give the words after `aip` of every command in a shell block."""
    for line in block.replace("\\\n", " ").splitlines():
        for part in re.split(r"\|\|?|&&|;|>", re.sub(r"(^|\s)#.*$", "", line)):
            text = part.strip()
            if _BEFORE.match(text):
                yield tuple(shlex.split(_BEFORE.sub("", text)))


def complaint(words: tuple[str, ...]) -> str:
    """Say what the command line finds wrong with a command; empty when nothing."""
    command = typer.main.get_command(APP)
    try:
        context = command.make_context("aip", list(words))
        while isinstance(command, typer.core.TyperGroup):
            name, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
            context = command.make_context(name, rest, parent=context)
    except typer.Exit:  # such as --version, which prints and leaves
        return ""
    except TyperException as exc:
        return str(exc)
    return ""
