"""Point at settings that work, and are likely to surprise."""

import ipaddress
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from processor.errors import Fault
from processor.settings.layers import Layer
from processor.settings.load import FILES, Loaded
from processor.settings.places import KeyPath, dotted, shown
from processor.settings.sections import EnvironmentProfile, Settings

# The handbook's alert: `avg_processing_time > 300`.
_ALERT_SECONDS = 300
_STRANGERS = {"CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", "FIRST_TIMER", "NONE"}
Remark = tuple[KeyPath, str, str, str]


def warnings(loaded: Loaded) -> tuple[Fault, ...]:
    """List what is likely to surprise, each with its place, reason and remedy; empty when there is nothing."""
    rules: tuple[Callable[[Settings], Iterator[Remark]], ...] = (_nothing_to_do, _limits, _safety, _addresses)
    remarks = [remark for rule in rules for remark in rule(loaded.settings)]
    return (*(_fault(loaded, *remark) for remark in remarks), *_hidden(loaded))


def _nothing_to_do(settings: Settings) -> Iterator[Remark]:
    if not settings.main.repositories:
        yield (
            ("main", "repositories"),
            "",
            "no repository is listed, so nothing is processed",
            "list one as name: OWNER/REPO",
        )


def _limits(settings: Settings) -> Iterator[Remark]:
    main = settings.main
    if main.timeout <= _ALERT_SECONDS:
        problem = f"agents are stopped before the alert on a mean above {_ALERT_SECONDS} s can ever fire"
        yield ("main", "timeout"), f"{main.timeout:g}", problem, "use 600 to 1800, as in configs/environments.yaml"
    if main.debug and settings.environment_name == "production":
        yield ("main", "debug"), "true", "production logs everything", "set it to false"
    if settings.gate.minimum_score == 0:
        yield ("gate", "minimum_score"), "0", "no score is too low to pass", "use 70"


def _safety(settings: Settings) -> Iterator[Remark]:
    security = settings.security
    if security.sandbox == "off":
        problem = "agents and checks can read and write whatever the service can"
        yield ("security", "sandbox"), '"off"', problem, "use auto, or run the service in a container of its own"
    if strangers := sorted(_STRANGERS & set(security.allowed_associations)):
        problem = f"people outside the project ({', '.join(strangers)}) can have an agent work on their text"
        yield (
            ("security", "allowed_associations"),
            "",
            problem,
            "keep OWNER, MEMBER and COLLABORATOR; name others under allowed_authors",
        )


def _addresses(settings: Settings) -> Iterator[Remark]:
    github, api = settings.main.github, settings.main.api
    for key, address in (("base_url", github.base_url), ("git_url", github.git_url)):
        if address and address.startswith("http://") and not is_this_machine(urlsplit(address).hostname or ""):
            problem = "the token crosses the network unencrypted"
            yield ("main", "github", key), shown(address), problem, "use https://"
    if not is_this_machine(api.host):
        problem = "everyone who reaches this address sees the metrics, and tokens cross the network unencrypted"
        yield (
            ("main", "api", "host"),
            shown(api.host),
            problem,
            (
                "use 127.0.0.1, or put a proxy with TLS and a login before it; "
                "in a container, publish the port on 127.0.0.1"
            ),
        )


def is_this_machine(host: str) -> bool:
    """Tell whether nobody else can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _fault(loaded: Loaded, path: KeyPath, value: str, problem: str, remedy: str) -> Fault:
    origin = loaded.origin(dotted(path))
    file = origin.file or _file_of(str(path[0]))
    return Fault(file, origin.line, dotted(path[1:]), value, problem, remedy)


def _file_of(part: str) -> str:
    return next(file for file, (known, _) in FILES.items() if known == part)


def _hidden(loaded: Loaded) -> Iterator[Fault]:
    """Point at keys of the main file that hide those of environments.yaml, whichever environment is chosen."""
    for key in EnvironmentProfile.model_fields:
        by_layer = {origin.layer: origin for origin in loaded.origins.get(f"main.{key}", ())}
        if Layer.ENVIRONMENT_PROFILE in by_layer and Layer.FILE in by_layer:
            upper, lower = by_layer[Layer.FILE], by_layer[Layer.ENVIRONMENT_PROFILE]
            problem = f"hides {lower.file}:{lower.line}"
            yield Fault(upper.file, upper.line, key, "", problem, "take it out of one of the two files")
