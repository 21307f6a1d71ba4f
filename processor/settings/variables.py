"""The `AUTO_ISSUE_*` variables: which setting each one sets, and reading them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from processor.errors import Fault
from processor.logs.redaction import MASK, has_token
from processor.settings import schema
from processor.settings.places import KeyPath, Place, did_you_mean
from processor.settings.sections import Settings
from processor.settings.validation import SECRET_KEY

PREFIX = "AUTO_ISSUE_"
ENVIRONMENT = "AUTO_ISSUE_ENV"
CONFIG_DIRECTORY = "AUTO_ISSUE_CONFIG_DIR"
DEFAULT_ENVIRONMENT = "production"
STANDARD_ENVIRONMENTS = ("development", "staging", "production")

PATHS: Mapping[str, KeyPath] = {
    "AUTO_ISSUE_DEBUG": ("main", "debug"),
    "AUTO_ISSUE_LOG_LEVEL": ("main", "log_level"),
    "AUTO_ISSUE_MAX_PARALLEL": ("main", "max_parallel"),
    "AUTO_ISSUE_TIMEOUT": ("main", "timeout"),
    "AUTO_ISSUE_USE_CACHE": ("main", "use_cache"),
    "AUTO_ISSUE_ENABLE_MONITORING": ("main", "enable_monitoring"),
    "AUTO_ISSUE_DRY_RUN": ("main", "dry_run"),
    "AUTO_ISSUE_GITHUB_BASE_URL": ("main", "github", "base_url"),
    "AUTO_ISSUE_GITHUB_GIT_URL": ("main", "github", "git_url"),
    "AUTO_ISSUE_GITHUB_CA_FILE": ("main", "github", "ca_file"),
    "AUTO_ISSUE_POLL_INTERVAL_SECONDS": ("main", "intake", "poll_interval_seconds"),
    "AUTO_ISSUE_INSTANCE": ("main", "engine", "instance"),
    "AUTO_ISSUE_STATE_DIRECTORY": ("main", "state", "directory"),
    "AUTO_ISSUE_DATABASE_URL": ("main", "state", "database_url"),
    "AUTO_ISSUE_DATABASE_PASSWORD_FILE": ("main", "state", "database_password_file"),
    "AUTO_ISSUE_LOGS_DIRECTORY": ("main", "logs", "directory"),
    "AUTO_ISSUE_REPORTS_DIRECTORY": ("main", "reports", "directory"),
    "AUTO_ISSUE_BACKUP_DIRECTORY": ("main", "backup", "directory"),
    "AUTO_ISSUE_API_HOST": ("main", "api", "host"),
    "AUTO_ISSUE_API_PORT": ("main", "api", "port"),
    "AUTO_ISSUE_EXPORTER_HOST": ("main", "exporter", "host"),
    "AUTO_ISSUE_EXPORTER_PORT": ("main", "exporter", "port"),
}

# What the original system and its guides called them; one that we silently ignored would be believed to work.
_FORMER_NAMES = {
    "AUTO_ISSUE_A2A_MAX_PARALLEL": "set AUTO_ISSUE_MAX_PARALLEL instead",
    "AUTO_ISSUE_PROCESSOR_DRY_RUN": "set AUTO_ISSUE_DRY_RUN instead",
    "AUTO_ISSUE_PROCESSOR_SCHEDULER_INTERVAL": "set AUTO_ISSUE_POLL_INTERVAL_SECONDS instead, in seconds",
    "AUTO_ISSUE_PROCESSOR_CONFIG_FILE": "set AUTO_ISSUE_CONFIG_DIR to the folder of the files instead",
    "AUTO_ISSUE_PROCESSOR_ENABLED": "take it out; `aip pause` and `aip resume` switch processing",
    "AUTO_ISSUE_RETRY_COUNT": "set engine.retries in auto_issue_processor.yaml instead",
    "AUTO_ISSUE_CACHE_SIZE": "take it out; the cache needs no size",
    "AUTO_ISSUE_DEBUG_QUALITY": "set AUTO_ISSUE_DEBUG instead",
    "AUTO_ISSUE_GITHUB_TOKEN": "set GITHUB_TOKEN, or GITHUB_TOKEN_FILE to a file that holds the token alone",
    "AUTO_ISSUE_DATABASE_PASSWORD": "set AUTO_ISSUE_DATABASE_PASSWORD_FILE, or PGPASSWORD",
}
_TRUTH = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


@dataclass
class Variables:
    """What the variables say, as data for `Settings`; an empty variable counts as not set."""

    data: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @staticmethod
    def locate(path: KeyPath) -> Place:
        """Name the variable that sets a path."""
        names = [name for name, known in PATHS.items() if path[: len(known)] == known]
        return Place("environment", None, names[0] if names else PREFIX)


def read_variables(environ: Mapping[str, str]) -> Variables:
    """Read every `AUTO_ISSUE_*` variable that sets a setting; an unknown one is a fault."""
    variables = Variables()
    for name in sorted(name for name in environ if name.startswith(PREFIX)):
        value = environ[name].strip()
        if name not in PATHS:
            variables.faults += _unknown(name)
        elif has_token(value):
            remedy = "put a password into state.database_password_file or PGPASSWORD, a token into GITHUB_TOKEN"
            variables.faults.append(Fault("environment", None, name, MASK, "looks like a secret", remedy))
        elif value:
            _put(variables.data, PATHS[name], _typed(PATHS[name], value))
    return variables


def variable_of(path: KeyPath) -> str:
    """Name the variable that sets a path of `Settings`; empty without one."""
    return next((name for name, known in PATHS.items() if known == path), "")


def _unknown(name: str) -> list[Fault]:
    if name in {ENVIRONMENT, CONFIG_DIRECTORY}:
        return []
    known = [known.removeprefix(PREFIX) for known in (*PATHS, ENVIRONMENT, CONFIG_DIRECTORY)]
    otherwise = "unset it; docs/settings.md lists the variables"
    remedy = _FORMER_NAMES.get(name) or did_you_mean(name.removeprefix(PREFIX), known, otherwise, PREFIX)
    # An unknown variable may hold anything, so its value is not shown.
    value = MASK if SECRET_KEY.search(name) else ""
    return [Fault("environment", None, name, value, "is no known variable", remedy)]


def _typed(path: KeyPath, text: str) -> object:
    """Read text as the type that the setting has; what cannot be read stays text, which validation then refuses."""
    kinds = {node.get("type") for node in schema.nodes_at(schema.schema_of(Settings), path)}
    if "boolean" in kinds:
        return _TRUTH.get(text.lower(), text)
    if kinds & {"integer", "number"} and re.fullmatch(r"[+-]?[0-9]+", text):
        return int(text)
    if "number" in kinds and re.fullmatch(r"[+-]?[0-9]*\.[0-9]+", text):
        return float(text)
    return text


def _put(data: dict[str, Any], path: KeyPath, value: object) -> None:
    for part in path[:-1]:
        data = data.setdefault(str(part), {})
    data[str(path[-1])] = value
