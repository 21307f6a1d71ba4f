"""Choose the agent of a first set-up: a coding-agent CLI that is installed, else the recipe that needs none."""

import shutil
from collections.abc import Mapping
from typing import Any

from processor.agents.profiles import PROFILES
from processor.errors import UsageError
from processor.operations.first_settings import RECIPE

RECIPE_NAME = "tidy"
#: In the order in which one is taken when several are installed; the profile's name is the program's.
CLIS = ("claude", "codex", "gemini", "opencode", "aider")


def installed_agents(environ: Mapping[str, str]) -> tuple[str, ...]:
    """List the agents that can be chosen here, the best one first; the recipe is always there."""
    found = [name for name in CLIS if shutil.which(name, path=environ.get("PATH"))]
    return (*found, RECIPE_NAME)


def agent_data(name: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """Give the settings of an agent; a CLI may see the variable that signs it in, where one is set.

    Raises:
        UsageError: there is no such agent to choose.
    """
    if name == RECIPE_NAME:
        return dict(RECIPE)
    if name not in CLIS:
        raise UsageError(f"there is no agent {name!r} to choose; use one of {', '.join((*CLIS, RECIPE_NAME))}")
    signing_in = [variable for variable in PROFILES[name].sign_in_variables if environ.get(variable)]
    return {"kind": "command", "profile": name, **({"environment": signing_in} if signing_in else {})}
