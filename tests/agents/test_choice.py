"""The agent of an issue is chosen by its labels, its repository, and the default, in this order."""

from collections.abc import Callable

import pytest

from processor.agents import choose_agent, make_agent
from processor.errors import UsageError
from processor.settings.sections import RepositorySettings, Settings
from tests.agents.conftest import command, recipe


def repository(**values: object) -> RepositorySettings:
    return RepositorySettings.model_validate({"name": "octo/hello"} | values)


BY_LABEL = {"typo": "speller", "lint": "linter"}


@pytest.mark.parametrize(
    ("values", "default", "labels", "chosen"),
    [
        ({}, "claude", [], "claude"),
        ({"agent": "codex"}, "claude", [], "codex"),
        ({"agent": "codex", "agent_by_label": BY_LABEL}, "claude", ["lint"], "linter"),
        ({"agent": "codex", "agent_by_label": BY_LABEL}, "claude", ["lint", "typo"], "speller"),
        ({"agent": "codex", "agent_by_label": BY_LABEL}, "claude", ["other"], "codex"),
        ({"agent_by_label": BY_LABEL}, None, ["LINT"], "linter"),
    ],
)
def test_agent_is_chosen(values: dict[str, object], default: str | None, labels: list[str], chosen: str) -> None:
    assert choose_agent(repository(**values), default, labels) == chosen


def test_no_agent_at_all_says_where_to_set_one() -> None:
    with pytest.raises(UsageError) as refused:
        choose_agent(repository(), None, ["bug"])
    assert str(refused.value) == (
        "no agent is set for octo/hello; set default_agent, or agent of this repository, in"
        " configs/auto_issue_processor.yaml"
    )


def test_agent_carries_its_name(make_settings: Callable[..., Settings]) -> None:
    for kind in (command("claude"), recipe({"tool": "codespell"})):
        assert make_agent("coder", make_settings(kind), {}).name == "coder"


def test_unknown_agent_names_the_known_ones(make_settings: Callable[..., Settings]) -> None:
    with pytest.raises(UsageError) as refused:
        make_agent("codr", make_settings(command("claude")), {})
    assert str(refused.value) == "there is no agent codr in the settings (known: coder); add it under agents"
