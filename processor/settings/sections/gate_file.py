"""`configs/quality_gate.yaml`: what a change must satisfy before it is published."""

from typing import Literal

from pydantic import Field

from processor.settings.sections.section import Flag, Integer, Name, Number, Repository, Seconds, Section, Text


class CommandCheck(Section):
    """A check of the operator's own: a program whose exit code 0 means good."""

    name: Name = Field(description="shown in the gate table; no other check has it")
    argv: tuple[Text, ...] = Field(
        min_length=1, description="run in the worktree, never through a shell; {files} becomes the changed files"
    )
    languages: tuple[Text, ...] = Field(
        (), description="it applies when a changed file has one of these suffixes, such as py; always when empty"
    )
    weight: Number = Field(10, ge=0, description="share of the score")
    required: Flag = Field(True, description="a change that fails it is rejected whatever its score")
    timeout_seconds: Seconds = Field(300, description="limit of one execution")
    findings: Literal["exit_code", "lines", "pytest"] = Field(
        "exit_code",
        description="how complaints are told apart: one for the exit code, one a line of output, one a failed test",
    )


class BuiltInCheck(Section):
    """A check that comes with the product."""

    enabled: Flag = Field(True, description="false leaves the check out")
    weight: Number = Field(10, ge=0, description="share of the score")
    required: Flag = Field(True, description="a change that fails it is rejected whatever its score")


class DiffSizeCheck(BuiltInCheck):
    """Refuses a change too large for a person to review."""

    max_files: Integer = Field(20, ge=1, description="files touched")
    max_lines: Integer = Field(500, ge=1, description="added plus removed")


class BuiltInChecks(Section):
    """The checks that come with the product."""

    syntax: BuiltInCheck = Field(
        default_factory=lambda: BuiltInCheck(weight=30), description="changed files can still be parsed"
    )
    diff_size: DiffSizeCheck = Field(
        default_factory=DiffSizeCheck, description="the change is small enough for a person to review"
    )
    protected_paths: BuiltInCheck = Field(
        default_factory=BuiltInCheck, description="nothing in `protected_paths` of security_settings.yaml is touched"
    )
    secrets: BuiltInCheck = Field(
        default_factory=lambda: BuiltInCheck(weight=15), description="the change adds no secret (detect-secrets)"
    )
    stubs: BuiltInCheck = Field(
        default_factory=lambda: BuiltInCheck(weight=15), description="no TODO stubs and no tests that test nothing"
    )
    docs_only: BuiltInCheck = Field(
        default_factory=BuiltInCheck, description="an issue about code is not answered with documentation alone"
    )
    security: BuiltInCheck = Field(
        default_factory=lambda: BuiltInCheck(weight=15), description="risk of new findings of bandit"
    )


class RepositoryGate(Section):
    """What differs for one repository."""

    checks: tuple[CommandCheck, ...] = Field(
        (), description="added to the general ones; takes the place of one with its name"
    )
    built_in: BuiltInChecks | None = Field(None, description="keys that differ from the general ones")


class GateFile(Section):
    """`configs/quality_gate.yaml`."""

    minimum_score: Number = Field(70, ge=0, le=100, description="lowest score that passes")
    security_threshold: Number = Field(5, ge=0, le=10, description="highest risk of new security findings that passes")
    built_in: BuiltInChecks = Field(default_factory=BuiltInChecks)
    checks: tuple[CommandCheck, ...] = Field((), description="checks of your own, for every repository")
    repositories: dict[Repository, RepositoryGate] = Field(
        default_factory=dict, description="what differs, by OWNER/REPO"
    )
