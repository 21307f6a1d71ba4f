"""Placeholders fill one element each, and settings that contradict each other are refused whole."""

import pytest

from processor.agents.command_line import command_template, fill, takes_stdin
from processor.errors import SettingsError
from processor.settings.sections import CommandAgent

VALUES = {"prompt_file": "/out/agent.prompt", "worktree": "/w t", "output_file": "/o", "model": "{worktree}; rm *"}


def agent(**values: object) -> CommandAgent:
    return CommandAgent.model_validate({"kind": "command"} | values)


def test_placeholder_stays_inside_its_element() -> None:
    assert fill(["x", "--dir={worktree}", "{prompt_file}{output_file}"], VALUES) == [
        "x",
        "--dir=/w t",
        "/out/agent.prompt/o",
    ]


def test_value_is_never_looked_into() -> None:
    assert fill(["{model}"], VALUES) == ["{worktree}; rm *"]


def test_other_braces_are_left_alone() -> None:
    assert fill(["{", "{}", "{other}", "{{worktree}}", "%s"], VALUES) == ["{", "{}", "{other}", "{/w t}", "%s"]


@pytest.mark.parametrize("profile", ["claude", "codex", "gemini", "opencode", "aider"])
def test_prompt_never_travels_in_argv(profile: str) -> None:
    template = command_template("coder", agent(profile=profile, model="m"))
    assert takes_stdin(agent(profile=profile), template) or "{prompt_file}" in template


@pytest.mark.parametrize("profile", ["claude", "codex", "gemini", "opencode", "aider"])
def test_model_is_named_only_when_it_is_set(profile: str) -> None:
    assert "{model}" in command_template("coder", agent(profile=profile, model="m"))
    assert "{model}" not in command_template("coder", agent(profile=profile))


@pytest.mark.parametrize(
    ("values", "by_stdin"),
    [
        ({"argv": ["x"]}, True),
        ({"argv": ["x", "{prompt_file}"]}, False),
        ({"argv": ["x", "{prompt_file}"], "prompt": "stdin"}, True),
        ({"profile": "aider"}, False),
        ({"profile": "claude"}, True),
    ],
)
def test_way_of_the_prompt(values: dict[str, object], by_stdin: bool) -> None:
    chosen = agent(**values)
    assert takes_stdin(chosen, command_template("coder", chosen)) is by_stdin


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {},
            (
                "configs/auto_issue_processor.yaml: agents.coder.argv: profile plain needs it; name the program and its"
                " arguments"
            ),
        ),
        (
            {"argv": ["x", "-m", "{model}"]},
            (
                "configs/auto_issue_processor.yaml: agents.coder.model: argv has {model} and no model is set;"
                " set it, or take {model} out of argv"
            ),
        ),
        (
            {"profile": "claude", "prompt": "file"},
            (
                "configs/auto_issue_processor.yaml: agents.coder.prompt: argv has no {prompt_file}; put"
                " {prompt_file} into argv, or take stdin"
            ),
        ),
    ],
    ids=["no argv", "no model", "no prompt file"],
)
def test_contradiction_is_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError) as refused:
        command_template("coder", agent(**values))
    assert str(refused.value) == message
