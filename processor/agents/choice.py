"""Choose the agent of an issue by its repository and labels, and make it from the settings."""

from collections.abc import Mapping, Sequence

from processor.agents.command import CommandAgent
from processor.agents.protocol import Agent
from processor.agents.recipe import RecipeAgent
from processor.errors import UsageError
from processor.settings import sections


def choose_agent(repository: sections.RepositorySettings, default_agent: str | None, labels: Sequence[str]) -> str:
    """Name the agent: first label of `agent_by_label` that the issue has, else the repository's, else the default.

    Labels are compared as GitHub does, without regard to case.

    Raises:
        UsageError: none is set.
    """
    present = {label.casefold() for label in labels}
    for label, agent in repository.agent_by_label.items():
        if label.casefold() in present:
            return agent
    chosen = repository.agent or default_agent
    if chosen is None:
        raise UsageError(
            f"no agent is set for {repository.name}; set default_agent, or agent of this repository, in"
            " configs/auto_issue_processor.yaml"
        )
    return chosen


def make_agent(name: str, settings: sections.Settings, environ: Mapping[str, str]) -> Agent:
    """Make the agent that the settings describe under `name`.

    Args:
        environ: the variables of this process; the agent sees those that are allowed.

    Raises:
        UsageError: there is no such agent.
        SettingsError: its settings contradict each other.
    """
    match find_agent(name, settings):
        case sections.RecipeAgent() as recipe:
            return RecipeAgent(name, recipe, settings, environ)
        case sections.CommandAgent() as command:
            return CommandAgent(name, command, settings, environ)


def find_agent(name: str, settings: sections.Settings) -> sections.Agent:
    """Find an agent's settings; raises UsageError when there is none of this name."""
    agents = settings.main.agents
    if name not in agents:
        known = ", ".join(sorted(agents)) or "none"
        raise UsageError(f"there is no agent {name} in the settings (known: {known}); add it under agents")
    return agents[name]
