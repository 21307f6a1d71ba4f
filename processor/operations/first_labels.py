"""Create the labels that people put on issues and that we put on what we made."""

from processor.github_client import GitHubClient
from processor.model import Priority
from processor.settings.sections import Intake, Publish

_PRIORITY_COLOURS = {
    Priority.CRITICAL: "b60205",
    Priority.HIGH: "d93f0b",
    Priority.MEDIUM: "fbca04",
    Priority.LOW: "c2e0c6",
}


def wanted_labels(intake: Intake, publish: Publish) -> dict[str, tuple[str, str]]:
    """Give name → colour and description, in the order in which they are created."""
    priorities = {
        _name_of(priority, intake): (_PRIORITY_COLOURS[priority], f"processed with priority {priority}")
        for priority in Priority
    }
    return {
        intake.label: ("1d76db", "the Auto Issue Processor may work on this issue"),
        publish.label: ("0e8a16", "opened by the Auto Issue Processor"),
        publish.failed_label: ("b60205", "the Auto Issue Processor gave up; see its comment"),
        **priorities,
    }


def create_labels(github: GitHubClient, repository: str, intake: Intake, publish: Publish) -> tuple[str, ...]:
    """Create the labels that the repository lacks and return their names; those that are there stay as they are."""
    wanted = wanted_labels(intake, publish)
    return tuple(name for name, (colour, text) in wanted.items() if github.ensure_label(repository, name, colour, text))


def _name_of(priority: Priority, intake: Intake) -> str:
    """Choose the plainest of the labels that mean a priority: `priority:high` rather than `p1`."""
    names = intake.labels_by_priority.get(priority, ()) or (f"priority:{priority}",)
    return next((name for name in names if name.startswith("priority")), names[0])
