"""Ask a person at the terminal; where nobody answers, say which option does."""

import sys
from collections.abc import Callable

import typer

from processor.errors import UsageError


def ask(
    question: str, *, instead: str, read: Callable[[str], str], default: str | None = None, is_hidden: bool = False
) -> str:
    """Ask until the answer can be read.

    Args:
        instead: what to do where nobody is there to answer, such as `say it with --agent NAME`.
        read: gives the answer its form; raises UsageError for a wrong one, which is shown before asking again.

    Raises:
        UsageError: the input ended without an answer.
    """

    def value(text: str) -> str:
        try:
            return read(text.strip())
        except UsageError as exc:
            raise typer.BadParameter(str(exc)) from exc

    return str(
        _or_instead(
            lambda: typer.prompt(question, default=default, hide_input=is_hidden, err=True, value_proc=value), instead
        )
    )


def confirm(question: str, *, instead: str, default: bool = False) -> bool:
    """Ask for yes or no.

    Raises:
        UsageError: the input ended without an answer.
    """
    return bool(_or_instead(lambda: typer.confirm(question, default=default, err=True), instead))


def _or_instead(prompt: Callable[[], object], instead: str) -> object:
    try:
        return prompt()
    except typer.Abort as exc:
        if sys.stdin is not None and sys.stdin.isatty():
            raise  # Ctrl-C or Ctrl-D by the person who was asked
        sys.stderr.write("\n")
        raise UsageError(f"nobody is there to answer; {instead}") from exc
