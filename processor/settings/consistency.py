"""Find settings that are right one by one and cannot work together."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from processor.errors import ErrorType
from processor.settings.complaint import Complaint, Known
from processor.settings.places import KeyPath, did_you_mean, shown
from processor.settings.sections import (
    ARGV_PLACEHOLDERS,
    BuiltInChecks,
    CommandAgent,
    CommandCheck,
    Settings,
)

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_CHECK_PLACEHOLDERS = ("files",)


def complaints(settings: Settings, known: Known) -> Iterator[Complaint]:
    """Go through every rule that looks at more than one key."""
    return chain(
        _unknown_agents(settings, known),
        _repeated_repositories(settings),
        _canary(settings, known),
        _agent_commands(settings),
        _gate(settings, known),
        _github(settings),
        _time_limits(settings),
        _labels(settings),
        _retries(settings),
        _office_hours(settings),
        _load_limits(settings),
        _report_channels(settings),
    )


def _unknown_agents(settings: Settings, known: Known) -> Iterator[Complaint]:
    main = settings.main
    yield from _agent_name(("main", "default_agent"), main.default_agent, known)
    for index, repository in enumerate(main.repositories):
        at: KeyPath = ("main", "repositories", index)
        yield from _agent_name((*at, "agent"), repository.agent, known)
        for label, agent in repository.agent_by_label.items():
            yield from _agent_name((*at, "agent_by_label", label), agent, known)
        if repository.agent is None and main.default_agent is None:
            problem = "has no agent, and there is no default_agent"
            yield Complaint((*at, "name"), shown(repository.name), problem, "set its agent, or default_agent")


def _agent_name(path: KeyPath, name: str | None, known: Known) -> Iterator[Complaint]:
    if name is not None and name not in known.agents:
        listed = ", ".join(sorted(known.agents)) or "none yet"
        remedy = did_you_mean(name, known.agents, f"add it under agents (there: {listed})")
        yield Complaint(path, shown(name), "names no agent", remedy)


def _repeated_repositories(settings: Settings) -> Iterator[Complaint]:
    first: dict[str, int] = {}
    for index, repository in enumerate(settings.main.repositories):
        # GitHub does not tell capital from small letters in names.
        earlier = first.setdefault(repository.name.lower(), index)
        if earlier != index:
            path: KeyPath = ("main", "repositories", index, "name")
            yield Complaint(path, shown(repository.name), "is listed already", "list it once")


def _canary(settings: Settings, known: Known) -> Iterator[Complaint]:
    main, canary = settings.main, settings.main.canary
    at: KeyPath = ("main", "canary")
    yield from _agent_name((*at, "agent"), canary.agent, known)
    if canary.time_limit_seconds > canary.interval_seconds:
        problem = f"is longer than the interval ({canary.interval_seconds:g} s), and rounds would overlap"
        remedy = "lower it, or raise canary.interval_seconds"
        path: KeyPath = (*at, "time_limit_seconds")
        yield Complaint(path, f"{canary.time_limit_seconds:g}", problem, remedy, (*at, "interval_seconds"))
    if canary.repository is None:
        return
    here: KeyPath = (*at, "repository")
    if canary.repository.lower() in {repository.name.lower() for repository in main.repositories}:
        problem = "takes real work too, and the canary opens issues there and closes them"
        yield Complaint(
            here, shown(canary.repository), problem, "name a sandbox of its own, or take it out of repositories"
        )
    if canary.agent is None and main.default_agent is None:
        problem = "has no agent, and there is no default_agent"
        yield Complaint(here, shown(canary.repository), problem, "set canary.agent, or default_agent")


def _agent_commands(settings: Settings) -> Iterator[Complaint]:
    for name, agent in settings.main.agents.items():
        if isinstance(agent, CommandAgent):
            yield from _agent_command(("main", "agents", name), agent)


def _agent_command(at: KeyPath, agent: CommandAgent) -> Iterator[Complaint]:
    if agent.argv is None:
        if agent.profile == "plain":
            problem = "is missing, and profile plain brings none"
            yield Complaint((*at, "argv"), "", problem, "add the program and its arguments as a list")
        return
    yield from _placeholders((*at, "argv"), agent.argv, ARGV_PLACEHOLDERS)
    used = set(_PLACEHOLDER.findall(" ".join(agent.argv)))
    if "model" in used and agent.model is None:
        yield Complaint((*at, "argv"), "", "uses {model}, and no model is set", "set model, or take {model} out")
    if agent.prompt == "file" and "prompt_file" not in used:
        problem = "lacks {prompt_file}, so the agent would never see its prompt"
        yield Complaint((*at, "argv"), "", problem, "add {prompt_file}, or set prompt to stdin")


def _placeholders(path: KeyPath, argv: Iterable[str], allowed: tuple[str, ...]) -> Iterator[Complaint]:
    for index, argument in enumerate(argv):
        for name in _PLACEHOLDER.findall(argument):
            if name not in allowed:
                remedy = did_you_mean(name, allowed, f"use one of {', '.join(f'{{{known}}}' for known in allowed)}")
                yield Complaint((*path, index), shown(argument), f"{{{name}}} is no placeholder", remedy)


def _gate(settings: Settings, known: Known) -> Iterator[Complaint]:
    gate = settings.gate
    yield from _checks(("gate", "checks"), gate.checks)
    for name, repository in gate.repositories.items():
        at: KeyPath = ("gate", "repositories", name)
        if name not in known.repositories:
            remedy = did_you_mean(name, known.repositories, "list it under repositories of auto_issue_processor.yaml")
            yield Complaint(at, "", "is no repository that is processed", remedy)
        yield from _checks((*at, "checks"), repository.checks)


def _checks(path: KeyPath, checks: tuple[CommandCheck, ...]) -> Iterator[Complaint]:
    taken = set(BuiltInChecks.model_fields)
    for index, check in enumerate(checks):
        if check.name in taken:
            yield Complaint((*path, index, "name"), shown(check.name), "is the name of another check", "rename it")
        taken.add(check.name)
        yield from _placeholders((*path, index, "argv"), check.argv, _CHECK_PLACEHOLDERS)


def _github(settings: Settings) -> Iterator[Complaint]:
    github = settings.main.github
    if github.app is not None and github.token_file is not None:
        path: KeyPath = ("main", "github", "token_file")
        yield Complaint(path, shown(github.token_file), "is set beside github.app", "keep one of them")


def _time_limits(settings: Settings) -> Iterator[Complaint]:
    main, deadline = settings.main, settings.main.engine.run_deadline_seconds
    against: KeyPath = ("main", "engine", "run_deadline_seconds")
    limits: list[tuple[KeyPath, float]] = [(("main", "timeout"), main.timeout)]
    for name, agent in main.agents.items():
        if isinstance(agent, CommandAgent) and agent.timeout_seconds is not None:
            limits.append((("main", "agents", name, "timeout_seconds"), agent.timeout_seconds))
    for path, check in _all_checks(settings):
        limits.append(((*path, "timeout_seconds"), check.timeout_seconds))
    for path, seconds in limits:
        if seconds > deadline:
            problem = f"is longer than the whole run may take ({deadline:g} s)"
            yield Complaint(path, f"{seconds:g}", problem, "lower it, or raise engine.run_deadline_seconds", against)


def _all_checks(settings: Settings) -> Iterator[tuple[KeyPath, CommandCheck]]:
    for index, check in enumerate(settings.gate.checks):
        yield ("gate", "checks", index), check
    for name, repository in settings.gate.repositories.items():
        for index, check in enumerate(repository.checks):
            yield ("gate", "repositories", name, "checks", index), check


def _labels(settings: Settings) -> Iterator[Complaint]:
    intake = settings.main.intake
    if "," in intake.label:
        problem = "has a comma, at which GitHub would split it into several labels"
        yield Complaint(("main", "intake", "label"), shown(intake.label), problem, "give the label another name")
    if intake.label.lower() in {label.lower() for label in intake.skip_labels}:
        problem = "is also one of intake.skip_labels, so no issue would ever be taken"
        against: KeyPath = ("main", "intake", "skip_labels")
        path: KeyPath = ("main", "intake", "label")
        yield Complaint(path, shown(intake.label), problem, "take it out of one of them", against)


def _retries(settings: Settings) -> Iterator[Complaint]:
    if ErrorType.RUN_DEADLINE in settings.main.engine.retries:
        path: KeyPath = ("main", "engine", "retries", "run_deadline")
        yield Complaint(path, "", "cannot be tried again, the run's time is used up", "take it out")


def _office_hours(settings: Settings) -> Iterator[Complaint]:
    hours = settings.main.alerting.office_hours
    if hours.end <= hours.start:
        path: KeyPath = ("main", "alerting", "office_hours", "end")
        against: KeyPath = ("main", "alerting", "office_hours", "start")
        problem = f"is not after the start ({hours.start})"
        yield Complaint(path, shown(hours.end), problem, "set a later time of the same day, 24:00 at most", against)


def _report_channels(settings: Settings) -> Iterator[Complaint]:
    reports, user = settings.main.reports, settings.main.alerting.email.smtp_user
    if reports.webhook.enabled and reports.webhook.url_file is None:
        path: KeyPath = ("main", "reports", "webhook", "url_file")
        yield Complaint(path, "", "is missing, so there is no address to post reports to", "name a file that holds it")
    if reports.email.enabled and user and reports.email.password_file is None:
        path = ("main", "reports", "email", "password_file")
        against: KeyPath = ("main", "alerting", "email", "smtp_user")
        problem = f"is missing, and the mail server knows {user} by a password"
        remedy = 'name a file that holds it, or set alerting.email.smtp_user to ""'
        yield Complaint(path, "", problem, remedy, against)


def _load_limits(settings: Settings) -> Iterator[Complaint]:
    automatic = settings.main.capacity.automatic
    for reading in type(automatic.medium).model_fields:
        medium, high = getattr(automatic.medium, reading), getattr(automatic.high, reading)
        if high < medium:
            path: KeyPath = ("main", "capacity", "automatic", "high", reading)
            against: KeyPath = ("main", "capacity", "automatic", "medium", reading)
            problem = f"is below the limit of medium ({medium:g}), so medium would be left out"
            yield Complaint(path, f"{high:g}", problem, "raise it, or lower that of medium", against)
