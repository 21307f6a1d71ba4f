"""Load a command's module when the command is used, so that help and completion stay quick."""

import contextlib
import gc
import importlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True)
class Listed:
    """One line of a command list; `summary` is the first line of the command's own help, which a test compares."""

    name: str
    place: str  #: `module:function` of a command, or `module:APP` of a group
    summary: str
    panel: str = "Commands"


def lazy_app(commands: Sequence[Listed], **options: Any) -> typer.Typer:
    """Make an app whose commands are imported one by one, on use.

    Args:
        options: of typer.Typer. Completion is for the program as a whole, so only `aip` itself offers to install it.
    """

    class Group(TyperGroup):
        """Knows its commands by name only."""

        def __init__(self, **attributes: Any) -> None:
            listed = {one.name: _stand_in(one) for one in commands}
            super().__init__(**{**attributes, "commands": listed})

        def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # Typer's signature
            """Keep the order in which they are listed."""
            return [one.name for one in commands]

        def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
            """Find the command by name, then load it."""
            name, found, rest = super().resolve_command(ctx, args)
            place = next((one.place for one in commands if one.name == name), None)
            return name, load_command(name, place) if name and place else found, rest

    app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode="rich", **{"add_completion": False, **options})
    app.callback()(_no_options)
    return app


def load_command(name: str, place: str) -> Any:
    """Import a command or group and make it callable under its name."""
    module, _, attribute = place.partition(":")
    with _garbage_left_alone():
        target: typer.Typer | Callable[..., None] = getattr(importlib.import_module(module), attribute)
    if not isinstance(target, typer.Typer):
        function = target
        target = typer.Typer(add_completion=False, rich_markup_mode="rich")
        target.command(name, help=_unwrapped(inspect.getdoc(function) or ""))(function)
    command = typer.main.get_command(target)
    command.name = name
    return command


@contextlib.contextmanager
def _garbage_left_alone() -> Iterator[None]:
    # What an import makes stays. Looking for garbage among it was a fifth of the time until a command begins.
    was_looked_for = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looked_for:
            gc.enable()


def _unwrapped(text: str) -> str:
    """Make one line of each paragraph: the terminal's width decides where help is broken, not our source's."""
    return "\n\n".join(paragraph.replace("\n", " ") for paragraph in text.split("\n\n"))


def _no_options() -> None:
    # Typer makes a group only of an app with commands or a callback, and ours are not registered with it.
    pass


def _stand_in(one: Listed) -> TyperCommand:
    return TyperCommand(name=one.name, help=one.summary, rich_help_panel=one.panel)
