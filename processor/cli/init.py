"""`aip init`: the settings of a first repository, asked for or from flags, checked before they are written."""

from pathlib import Path
from typing import Annotated

import typer

from processor.cli import screen
from processor.cli.init_answers import Answers, Questions, ask_all
from processor.cli.invocation import invocation
from processor.cli.questions import confirm
from processor.errors import ProcessorError
from processor.github_client import GitHubClient, check_access
from processor.operations.first_agent import agent_data
from processor.operations.first_labels import create_labels
from processor.operations.first_settings import (
    MAIN_FILE,
    FirstSettings,
    main_data,
    refuse_overwriting,
    write_settings,
    write_token,
)
from processor.operations.machine_zone import DEFAULT_ZONE
from processor.operations.self_check.github_state import access_items
from processor.settings.sections import MainFile


def init(
    context: typer.Context,
    *,
    repository: Annotated[str, typer.Option("--repository", metavar="OWNER/REPO", help="What to process.")] = "",
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", metavar="FILE", help="File that holds the GitHub token alone; not copied."),
    ] = None,
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="REST base; https://HOST/api/v3 for GitHub Enterprise.")
    ] = "",
    agent: Annotated[
        str,
        typer.Option(
            "--agent", metavar="NAME", help="claude, codex, gemini, opencode, aider, or tidy, which needs no model."
        ),
    ] = "",
    timezone: Annotated[
        str,
        typer.Option(
            "--timezone", metavar="ZONE", help=f"Of the operators, such as Europe/Berlin; {DEFAULT_ZONE} unless given."
        ),
    ] = "",
    labels: Annotated[
        bool | None, typer.Option("--labels/--no-labels", help="Create the labels on GitHub, or do not.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; the suggested answers hold.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write the settings anew; the old file is kept.")] = False,
) -> None:
    """Write the settings for a first repository.

    Asks for what no option says, checks token and repository on GitHub, and writes only when both are good. A token
    that is typed in goes into a file of its own for your eyes alone, never into the settings. On a terminal it offers
    this machine's time zone; elsewhere Asia/Tokyo holds unless --timezone says another.

    Example: aip init --repository octo/hello --token-file ~/.github-token --yes
    """
    call = invocation(context)
    refuse_overwriting(call.config_dir, is_forced=force)
    answers = ask_all(
        Questions(
            repository=repository,
            token_file=token_file,
            base_url=base_url,
            agent=agent,
            timezone=timezone,
            is_quiet=yes,
        ),
        call.environ,
    )
    first = FirstSettings(
        repository=answers.repository,
        base_url=answers.base_url,
        token_file=answers.token_file,
        agent_name=answers.agent,
        agent=agent_data(answers.agent, call.environ),
        timezone=answers.timezone,
    )
    settings = MainFile.model_validate(main_data(first))
    with GitHubClient(settings.github, answers.token.reveal, environ=call.environ) as client:
        _check(client, answers.repository)
        _write(call.config_dir, first, answers)
        if _wants_labels(labels, is_quiet=yes):
            _create_labels(client, answers.repository, settings)
    _tell_next(answers)


def _check(client: GitHubClient, repository: str) -> None:
    report = check_access(client, repository)
    for item in access_items(repository, report):
        remedy = f"; {item.remedy}" if item.remedy else ""
        screen.say(f"{item.state.ljust(9)}{item.name}: {item.detail}{remedy}")
    if not report.is_ok:
        raise ProcessorError("token or repository do not serve, as said above; nothing was written")


def _write(folder: Path, first: FirstSettings, answers: Answers) -> None:
    if answers.token_to_keep is not None:
        token_file = write_token(folder, answers.token_to_keep.reveal())
        first = FirstSettings(**{**first.__dict__, "token_file": token_file})
        screen.say(f"wrote    {token_file} (readable by you alone)")
    for path in write_settings(folder, first):
        screen.say(f"wrote    {path}")
    screen.say(
        f"zone     {first.timezone}: days of reports, office hours, times in messages; `timezone` in "
        f"{folder / MAIN_FILE} changes it"
    )


def _wants_labels(said: bool | None, *, is_quiet: bool) -> bool:
    if said is not None:
        return said
    return is_quiet or confirm("Create the labels on GitHub?", default=True, instead="say --labels or --no-labels")


def _create_labels(client: GitHubClient, repository: str, settings: MainFile) -> None:
    created = create_labels(client, repository, settings.intake, settings.publish)
    screen.say(f"labels   {', '.join(created)} created" if created else "labels   all were there")


def _tell_next(answers: Answers) -> None:
    if answers.token_file is None and answers.token_to_keep is None:
        screen.say("keep GITHUB_TOKEN set where aip runs, or put the token into a file named by github.token_file")
    screen.say()
    screen.say("next: aip check")
    once = f"aip once {answers.repository}#N"
    screen.say(f"then: {once}  for one issue with the label auto-processable")
    screen.say(f"then: {'aip run':{len(once)}}  for all of them")
