"""Options and arguments that several commands share, with one wording."""

from typing import Annotated

import typer

from processor.cli.completion import offer_issues, offer_runs
from processor.errors import UsageError
from processor.model import IssueRef

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the audit.")]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for colleagues and the history.")]
For = Annotated[str, typer.Option("--for", metavar="TIME", help="How long, such as 2h or 1d12h.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
IssueArgument = Annotated[
    str,
    typer.Argument(metavar="OWNER/REPO#N", help="The issue, such as octo/hello#42.", autocompletion=offer_issues),
]
RunArgument = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run id (its beginning is enough), or OWNER/REPO#N for its newest run.",
        autocompletion=offer_runs,
    ),
]


def repository_name(text: str) -> str:
    """Read the name of a repository.

    Raises:
        UsageError: the text is no OWNER/REPO.
    """
    try:
        return IssueRef.parse(f"{text}#1").repository
    except ValueError as exc:
        raise UsageError(f"{text!r} is not a repository; write OWNER/REPO, such as octo/hello") from exc


def issue_ref(text: str) -> IssueRef:
    """Read an issue's address.

    Raises:
        UsageError: the text is no OWNER/REPO#N.
    """
    try:
        return IssueRef.parse(text)
    except ValueError as exc:
        raise UsageError(str(exc)) from exc
