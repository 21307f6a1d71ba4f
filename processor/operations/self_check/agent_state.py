"""Look whether the agents that the settings name can work here."""

from collections.abc import Iterator, Mapping

from processor.agents import Availability, check_agent
from processor.operations.self_check.item import Item, failed, ok, split_remedy, warning
from processor.settings.sections import Settings


def check_agents(settings: Settings, environ: Mapping[str, str]) -> tuple[Item, ...]:
    """Look at every agent; one that no repository uses can only be a warning."""
    main = settings.main
    used = {name for repository in main.served for name in (repository.agent, *repository.agent_by_label.values())}
    if main.default_agent is not None:
        used.add(main.default_agent)
    if not main.agents:
        return (failed("agents", "no agent is set", "add one under agents, or run `aip init`"),)
    found = (check_agent(name, settings, environ) for name in sorted(main.agents))
    return tuple(item for one in found for item in _items(one, is_used=one.name in used))


def _items(found: Availability, *, is_used: bool) -> Iterator[Item]:
    name = f"agent {found.name}"
    for problem in found.problems:
        detail, remedy = split_remedy(problem)
        yield failed(name, detail, remedy) if is_used else warning(name, f"{detail} (no repository uses it)", remedy)
    for doubt in found.warnings:
        yield warning(name, *split_remedy(doubt))
    if found.is_available and not found.warnings:
        yield ok(name, " ".join(part for part in (found.program, found.version) if part) or "built in")
