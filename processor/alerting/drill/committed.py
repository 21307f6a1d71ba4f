"""Read what is to be proven: the configuration of Prometheus, its rules, and that of Alertmanager."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from processor.alerting.drill.durations import is_duration, seconds_of
from processor.errors import UsageError

Yaml = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class AlertRule:
    """One alert as its rule says it; times in seconds before they are divided."""

    name: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    holds_seconds: float  #: `for`
    keeps_seconds: float  #: `keep_firing_for`
    file: str


@dataclass(frozen=True, kw_only=True)
class Committed:
    """The files as they are; `rules` by file name."""

    prometheus: Yaml
    rules: Mapping[str, Yaml]
    alertmanager: Yaml
    alertmanager_folder: Path

    @property
    def scrape_jobs(self) -> frozenset[str]:
        """The names of the scrape jobs."""
        return frozenset(job["job_name"] for job in self.prometheus["scrape_configs"])

    @property
    def alerts(self) -> tuple[AlertRule, ...]:
        """Every alert, in the order of the files."""
        return tuple(
            _alert(rule, name)
            for name, content in self.rules.items()
            for group in content["groups"]
            for rule in group.get("rules") or ()
            if "alert" in rule
        )


def read_committed(prometheus: Path, alertmanager: Path) -> Committed:
    """Read both folders.

    Raises:
        UsageError: a file is not there, cannot be read, or is no such configuration.
    """
    main = prometheus / "prometheus.yml"
    config = _read(main, _scraping_faults, "--prometheus")
    patterns = [str(pattern) for pattern in config.get("rule_files", ())]
    files = sorted({file for pattern in patterns for file in _matching(prometheus, pattern)})
    if not files:
        raise UsageError(f"{main} names no rule file that is there; see its rule_files")
    return Committed(
        prometheus=config,
        rules={
            f"{place:02}-{file.name}": _read(file, _rules_faults, "--prometheus") for place, file in enumerate(files)
        },
        alertmanager=_read(alertmanager / "alertmanager.yml", _routing_faults, "--alertmanager"),
        alertmanager_folder=alertmanager.absolute(),
    )


def _matching(folder: Path, pattern: str) -> list[Path]:
    start = Path(Path(pattern).anchor or folder)
    return list(start.glob(str(Path(pattern).relative_to(Path(pattern).anchor))))


def _read(file: Path, faults: Callable[[Any], Iterator[str]], option: str) -> Yaml:
    try:
        content: Yaml = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise UsageError(
            f"{file} is not there; start the drill in the source tree, or name its folder with {option}"
        ) from exc
    except OSError as exc:
        raise UsageError(f"{file} cannot be read: {exc.strerror}; check its owner and mode") from exc
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise UsageError(f"{file} is no YAML: {exc}; mend it, `promtool` and `amtool` check such files") from exc
    if fault := next(faults(content), None):
        raise UsageError(f"{file}: {fault}; mend it, or name another folder with {option}")
    return content


def _scraping_faults(content: Any) -> Iterator[str]:
    """Find what the derivation could not work with; promtool finds the rest."""
    jobs = content.get("scrape_configs") if isinstance(content, dict) else None
    if not isinstance(jobs, list) or not all(isinstance(job, dict) and "job_name" in job for job in jobs):
        yield "scrape_configs is no list of jobs, each with a job_name"


def _routing_faults(content: Any) -> Iterator[str]:
    route = content.get("route") if isinstance(content, dict) else None
    if not isinstance(route, dict):
        yield "there is no route"
        return
    receivers = content.get("receivers")
    if not isinstance(receivers, list) or not all(isinstance(one, dict) and "name" in one for one in receivers):
        yield "receivers is no list, each with a name"


def _rules_faults(content: Any) -> Iterator[str]:
    groups = content.get("groups") if isinstance(content, dict) else None
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        yield "groups is no list of groups"
        return
    for group in groups:
        yield from _duration_faults(group, str(group.get("name")))
        for rule in group.get("rules") or ():
            if not isinstance(rule, dict) or "expr" not in rule or not {"alert", "record"} & set(rule):
                yield f"a rule of {group.get('name')} has no expr, or neither alert nor record"
                return
            yield from _duration_faults(rule, str(rule.get("alert", rule.get("record"))))


def _duration_faults(entry: Yaml, name: str) -> Iterator[str]:
    for key in ("interval", "query_offset", "for", "keep_firing_for"):
        if key in entry and not is_duration(str(entry[key])):
            yield f"{key} of {name} is {entry[key]!r}, which is no duration such as 30s, 5m or 1h30m"


def _alert(rule: Yaml, file: str) -> AlertRule:
    return AlertRule(
        name=rule["alert"],
        labels=rule.get("labels") or {},
        annotations=rule.get("annotations") or {},
        holds_seconds=seconds_of(str(rule.get("for", "0"))),
        keeps_seconds=seconds_of(str(rule.get("keep_firing_for", "0"))),
        file=file.partition("-")[2],
    )
