"""Tell whether an agent can work on this host, for `aip check`."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from processor.agents.choice import find_agent, make_agent
from processor.agents.command_line import profile_of, program_of
from processor.agents.environment import agent_environment
from processor.agents.recipe_tools import known_rules
from processor.errors import ProcessorError
from processor.processes import find_program
from processor.settings import sections

_VERSION_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Availability:
    """What `aip check` says of one agent; it can work when there is no problem."""

    name: str
    program: str  #: full path; empty when it was not found or is built in
    version: str  #: as the program says; empty when it does not
    problems: tuple[str, ...]  #: what keeps it from working, each with its remedy
    warnings: tuple[str, ...]  #: what may, each with its remedy

    @property
    def is_available(self) -> bool:
        """True when nothing is known that keeps it from working."""
        return not self.problems


def check_agent(name: str, settings: sections.Settings, environ: Mapping[str, str]) -> Availability:
    """Look for an agent's program, its version, its variables and its sign-in; nothing is sent anywhere.

    Raises:
        UsageError: there is no agent of this name.
    """
    agent = find_agent(name, settings)
    try:
        make_agent(name, settings, environ)
    except ProcessorError as error:
        return Availability(name=name, program="", version="", problems=(str(error),), warnings=())
    if isinstance(agent, sections.CommandAgent):
        return _check_command(name, agent, settings, environ)
    return _check_recipe(name)


def _check_recipe(name: str) -> Availability:
    try:
        known_rules()
    except ProcessorError as error:
        return Availability(name=name, program="", version="", problems=(str(error),), warnings=())
    return Availability(name=name, program="", version="", problems=(), warnings=())


def _check_command(
    name: str, agent: sections.CommandAgent, settings: sections.Settings, environ: Mapping[str, str]
) -> Availability:
    environment = agent_environment("check", (*settings.security.environment, *agent.environment), environ, {})
    wanted = program_of(agent)
    program = find_program(wanted, environment, Path.cwd())
    if program is None:
        missing = (
            f"no program {wanted} on the PATH that agents see; install it, or give its full path in agents.{name}.argv"
        )
        return Availability(name=name, program="", version="", problems=(missing,), warnings=())
    is_known = agent.profile != "plain"
    return Availability(
        name=name,
        program=program,
        version=_version(program, environment) if is_known else "",
        problems=tuple(_unset_variables(name, agent, environment)),
        warnings=tuple(_sign_in(name, agent, environment, environ)),
    )


def _version(program: str, environment: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            [program, "--version"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_VERSION_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = done.stdout.strip().splitlines() if done.returncode == 0 else []
    return lines[0][:100] if lines else ""


def _unset_variables(name: str, agent: sections.CommandAgent, environment: Mapping[str, str]) -> Iterator[str]:
    for variable in agent.environment:
        if not environment.get(variable):
            yield (
                f"variable {variable} of agents.{name}.environment is not set, or holds a GitHub token; set it where"
                " the service starts, or take it off the list"
            )


def _sign_in(
    name: str, agent: sections.CommandAgent, environment: Mapping[str, str], environ: Mapping[str, str]
) -> Iterator[str]:
    profile = profile_of(agent)
    if not profile.sign_in_variables or any(environment.get(variable) for variable in profile.sign_in_variables):
        return
    home = environment.get("HOME", "")
    if home and any(Path(home, file).is_file() for file in profile.sign_in_files):
        return
    unlisted = [variable for variable in profile.sign_in_variables if environ.get(variable)]
    if unlisted:
        yield f"{unlisted[0]} is set but the agent may not see it; add it to agents.{name}.environment"
    else:
        choices = " or ".join(profile.sign_in_variables)
        listed = f"agents.{name}.environment"
        yield f"{agent.profile} may not be signed in; sign it in, or set {choices} and list it in {listed}"
