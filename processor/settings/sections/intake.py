"""Which repositories are processed, which of their issues are taken, and in what order."""

from pydantic import Field

from processor.model import Priority
from processor.settings.sections.section import Flag, Integer, Name, Repository, Seconds, Section, Text


class RepositorySettings(Section):
    """One repository that is processed."""

    name: Repository = Field(description="OWNER/REPO")
    agent: Name | None = Field(None, description="agent for its issues; `default_agent` when absent")
    agent_by_label: dict[Text, Name] = Field(
        default_factory=dict, description="label → agent; the first label that matches wins"
    )
    base_branch: Text | None = Field(
        None, description="branch to start from; the repository's default branch when absent"
    )


def _default_labels() -> dict[Priority, tuple[Text, ...]]:
    return {
        Priority.CRITICAL: ("critical", "urgent", "p0", "priority:critical"),
        Priority.HIGH: ("high", "important", "p1", "priority:high"),
        Priority.MEDIUM: ("medium", "moderate", "p2", "priority:medium"),
        Priority.LOW: ("low", "minor", "p3", "priority:low"),
    }


def _default_title_words() -> dict[Priority, tuple[Text, ...]]:
    return {
        Priority.CRITICAL: ("critical", "urgent", "emergency"),
        Priority.HIGH: ("important", "high priority"),
        Priority.MEDIUM: ("bug", "fix", "error"),
    }


class Intake(Section):
    """Which issues are taken, and in what order."""

    label: Text = Field("auto-processable", description="only issues with this label are taken")
    skip_labels: tuple[Text, ...] = Field(
        ("wontfix", "duplicate", "invalid", "manual-only"), description="an issue with one of these is left alone"
    )
    poll_interval_seconds: Seconds | None = Field(
        None,
        description="how often GitHub is asked; the interval of the capacity level when absent",
    )
    first_start_limit: Integer = Field(
        10,
        ge=0,
        description="issues taken by the first poll of a repository; the rest wait for `aip queue retry --waiting`",
    )
    explain_skips: Flag = Field(True, description="tell the issue's author in one comment why nothing happened")
    labels_by_priority: dict[Priority, tuple[Text, ...]] = Field(
        default_factory=_default_labels, description="labels that give an issue its priority"
    )
    title_words_by_priority: dict[Priority, tuple[Text, ...]] = Field(
        default_factory=_default_title_words,
        description="words in the title that give a priority when no label does; medium without any",
    )
