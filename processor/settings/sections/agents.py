"""Who changes the code: coding-agent CLIs and deterministic recipes."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from processor.settings.sections.section import Flag, Seconds, Section, Text, VariableName, without_our_secrets

# What an argv of a command agent may hold in braces.
ARGV_PLACEHOLDERS = ("prompt_file", "worktree", "output_file", "model")

RuleCode = Annotated[str, Field(pattern=r"^[A-Z]+[0-9]*$", examples=["F401"])]


class RecipeStep(Section):
    """One deterministic tool. `from_issue` takes rule codes or existing paths named in the issue's text."""

    tool: Literal["ruff-fix", "ruff-format", "codespell"] = Field(description="what is run")
    rules: tuple[RuleCode, ...] | Literal["from_issue"] = Field((), description="ruff rules to fix")
    paths: tuple[Text, ...] | Literal["from_issue"] = Field((".",), description="files and folders to work on")
    unsafe_fixes: Flag = Field(False, description="let ruff apply fixes that may change behaviour")


class RecipeAgent(Section):
    """A list of deterministic tools: no model, no network, no cost."""

    kind: Literal["recipe"] = Field(description="a list of deterministic tools")
    steps: tuple[RecipeStep, ...] = Field(min_length=1, description="run in this order")


class CommandAgent(Section):
    """A coding-agent CLI. `profile` brings argv, the way the prompt goes in and the usage parser."""

    kind: Literal["command"] = Field(description="a coding-agent CLI, or any other program")
    profile: Literal["claude", "codex", "gemini", "opencode", "aider", "plain"] = Field(
        "plain", description="which CLI it is; plain is any other program"
    )
    argv: tuple[Text, ...] | None = Field(
        None,
        min_length=1,
        description="placeholders {prompt_file}, {worktree}, {output_file}, {model}; required for profile plain",
    )
    prompt: Literal["stdin", "file"] | None = Field(
        None, description="how the prompt goes in; the profile's way when absent"
    )
    model: Text | None = Field(None, description="model for the CLI; its own default when absent")
    timeout_seconds: Seconds | None = Field(None, description="limit of this agent; `timeout` when absent")
    environment: tuple[VariableName, ...] = Field(
        (), description="names of further variables the agent may see, such as ANTHROPIC_API_KEY"
    )

    @field_validator("environment")
    @classmethod
    def _no_secret_of_ours(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return without_our_secrets(names)


Agent = Annotated[RecipeAgent | CommandAgent, Field(discriminator="kind")]
