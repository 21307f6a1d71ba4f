"""Which key of the original system's settings is which of ours, and how its value is read. Pure.

Every reader raises ValueError with the reason for what it cannot take.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Final

MAIN, GATE, ENVIRONMENTS = "auto_issue_processor.yaml", "quality_gate.yaml", "environments.yaml"
#: Our file, our key, how the value is read.
Rule = tuple[str, str, Callable[[object], object]]


def _number(low: float, high: float) -> Callable[[object], int]:
    def read(value: object) -> int:
        found = float(str(value))
        if isinstance(value, bool) or not low <= found <= high or found != int(found):
            raise ValueError(f"is not a whole number from {low:g} to {high:g}")
        return int(found)

    return read


def _minutes(value: object) -> int:
    return 60 * _number(1, 1440)(value)


def _flag(value: object) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
    if str(value).strip().lower() not in known:
        raise ValueError("is neither true nor false")
    return known[str(value).strip().lower()]


def _level(value: object) -> str:
    found = str(value).upper()
    if found not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("is no level")
    return found


def _names(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("is no list of names")
    return list(value)


def _one_label(value: object) -> str:
    found = _names(value)
    if len(found) != 1:
        raise ValueError("does not name exactly one label; ours takes issues with one, auto-processable by default")
    return found[0]


def _zone(value: object) -> str:
    if not re.fullmatch(r"[A-Za-z_]+(?:/[A-Za-z_+-]+)*", str(value)):
        raise ValueError("is no time zone")
    return str(value)


def _folder(value: object) -> str:
    return str(PurePosixPath(str(value)).parent)


#: By their key.
OF_MAIN: Final[Mapping[str, Rule]] = {
    "dry_run": (MAIN, "dry_run", _flag),
    "github.retry_attempts": (MAIN, "github.read_attempts", _number(1, 10)),
    "processing.processing_timeout": (MAIN, "timeout", _number(1, 86400)),
    "processing.max_parallel_workers": (MAIN, "max_parallel", _number(1, 64)),
    "processing.skip_labels": (MAIN, "intake.skip_labels", _names),
    "processing.required_labels": (MAIN, "intake.label", _one_label),
    "logging.level": (MAIN, "log_level", _level),
    "logging.file": (MAIN, "logs.directory", _folder),
    "logging.max_bytes": (MAIN, "logs.max_bytes", _number(1024, 1 << 40)),
    "logging.backup_count": (MAIN, "logs.backup_count", _number(1, 1000)),
    "scheduler.interval_minutes": (MAIN, "intake.poll_interval_seconds", _minutes),
    "scheduler.timezone": (MAIN, "timezone", _zone),
    "max_parallel": (MAIN, "max_parallel", _number(1, 64)),
    "timeout": (MAIN, "timeout", _number(1, 86400)),
}
OF_GATE: Final[Mapping[str, Rule]] = {
    "minimum_score": (GATE, "minimum_score", _number(0, 100)),
    "security_threshold": (GATE, "security_threshold", _number(0, 10)),
}
OF_VARIABLES: Final[Mapping[str, Rule]] = {
    "AUTO_ISSUE_MAX_PARALLEL": OF_MAIN["max_parallel"],
    "AUTO_ISSUE_A2A_MAX_PARALLEL": OF_MAIN["max_parallel"],
    "AUTO_ISSUE_TIMEOUT": OF_MAIN["timeout"],
    "AUTO_ISSUE_LOG_LEVEL": OF_MAIN["logging.level"],
    "AUTO_ISSUE_DEBUG": (MAIN, "debug", _flag),
    "AUTO_ISSUE_PROCESSOR_DRY_RUN": OF_MAIN["dry_run"],
    "AUTO_ISSUE_PROCESSOR_SCHEDULER_INTERVAL": OF_MAIN["scheduler.interval_minutes"],
    "QUALITY_GATE_MIN_SCORE": OF_GATE["minimum_score"],
}
_OF_ENVIRONMENTS: Final[Mapping[str, Callable[[object], object]]] = {
    "debug": _flag,
    "log_level": _level,
    "max_parallel": _number(1, 64),
    "timeout": _number(1, 86400),
    "use_cache": _flag,
    "enable_monitoring": _flag,
}


def of_environment(environment: str, key: str) -> Rule | None:
    """Give the rule for a key of an environment; None for one without a counterpart."""
    reader = _OF_ENVIRONMENTS.get(key)
    return None if reader is None else (ENVIRONMENTS, f"{environment}.{key}", reader)
