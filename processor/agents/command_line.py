"""Make the argument list of a command agent; the issue's text is never in it."""

import re
from collections.abc import Mapping, Sequence

from processor.agents.profiles import PROFILES, Profile
from processor.errors import Fault, SettingsError
from processor.settings.sections import ARGV_PLACEHOLDERS, CommandAgent

_FILE = "configs/auto_issue_processor.yaml"
_PLACEHOLDER = re.compile("{(" + "|".join(ARGV_PLACEHOLDERS) + ")}")


def command_template(name: str, agent: CommandAgent) -> tuple[str, ...]:
    """Return the argv with its placeholders: the operator's own, else the profile's.

    Raises:
        SettingsError: profile `plain` without argv; {model} without a model; a prompt file without {prompt_file}.
    """
    profile = PROFILES[agent.profile]
    template = agent.argv or (*profile.program, *(profile.model_options if agent.model else ()), *profile.options)
    faults = []
    if not template:
        faults.append(_fault(name, "argv", "profile plain needs it", "name the program and its arguments"))
    if agent.model is None and _mentions(template, "model"):
        faults.append(
            _fault(name, "model", "argv has {model} and no model is set", "set it, or take {model} out of argv")
        )
    if agent.prompt == "file" and not _mentions(template, "prompt_file"):
        faults.append(_fault(name, "prompt", "argv has no {prompt_file}", "put {prompt_file} into argv, or take stdin"))
    if faults:
        raise SettingsError(faults)
    return template


def takes_stdin(agent: CommandAgent, template: Sequence[str]) -> bool:
    """Tell whether the prompt goes in by stdin: as set, else the profile's way, else a file when argv mentions one."""
    if agent.prompt is not None:
        return agent.prompt == "stdin"
    if agent.argv is not None:
        return not _mentions(template, "prompt_file")
    return PROFILES[agent.profile].prompt == "stdin"


def fill(template: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """Replace placeholders within each element; an element is never split, and a value is never looked into."""
    return [_PLACEHOLDER.sub(lambda match: values[match[1]], element) for element in template]


def program_of(agent: CommandAgent) -> str:
    """Name the program of an agent; empty when its settings name none."""
    template = agent.argv or PROFILES[agent.profile].program
    return template[0] if template else ""


def profile_of(agent: CommandAgent) -> Profile:
    """Find the profile of an agent."""
    return PROFILES[agent.profile]


def _mentions(template: Sequence[str], placeholder: str) -> bool:
    return any(f"{{{placeholder}}}" in element for element in template)


def _fault(name: str, key: str, problem: str, remedy: str) -> Fault:
    return Fault(file=_FILE, line=None, key=f"agents.{name}.{key}", value="", problem=problem, remedy=remedy)
