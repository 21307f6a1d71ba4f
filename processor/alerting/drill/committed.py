"""Read what is to be proven: the configuration of Prometheus, its rules, and that of Alertmanager."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from processor.alerting.drill.durations import seconds_of
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
    def alerts(self) -> tuple[AlertRule, ...]:
        """Every alert, in the order of the files."""
        return tuple(
            _alert(rule, name)
            for name, content in self.rules.items()
            for group in content["groups"]
            for rule in group["rules"]
            if "alert" in rule
        )


def read_committed(prometheus: Path, alertmanager: Path) -> Committed:
    """Read both folders.

    Raises:
        UsageError: a file is not there, cannot be read, or is no such configuration.
    """
    config = _read(prometheus / "prometheus.yml", "scrape_configs", "--prometheus")
    patterns = [str(pattern) for pattern in config.get("rule_files", ())]
    files = sorted({file for pattern in patterns for file in _matching(prometheus, pattern)})
    if not files:
        raise UsageError(f"{prometheus / 'prometheus.yml'} names no rule file that is there; see its rule_files")
    return Committed(
        prometheus=config,
        rules={f"{place:02}-{file.name}": _read(file, "groups", "--prometheus") for place, file in enumerate(files)},
        alertmanager=_read(alertmanager / "alertmanager.yml", "route", "--alertmanager"),
        alertmanager_folder=alertmanager.absolute(),
    )


def _matching(folder: Path, pattern: str) -> list[Path]:
    place = Path(pattern)
    return (
        list(Path(place.anchor).glob(str(place.relative_to(place.anchor))))
        if place.anchor
        else list(folder.glob(pattern))
    )


def _read(file: Path, needed: str, option: str) -> Yaml:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise UsageError(f"{file} is not there; name its folder with {option}") from exc
    except OSError as exc:
        raise UsageError(f"{file} cannot be read: {exc.strerror}; check its owner and mode") from exc
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise UsageError(f"{file} is no YAML: {exc}; mend it, `promtool` and `amtool` check such files") from exc
    if not isinstance(content, dict) or needed not in content:
        raise UsageError(f"{file} has no {needed}, so it is another kind of file; name its folder with {option}")
    return content


def _alert(rule: Yaml, file: str) -> AlertRule:
    return AlertRule(
        name=rule["alert"],
        labels=rule.get("labels", {}),
        annotations=rule.get("annotations", {}),
        holds_seconds=seconds_of(str(rule.get("for", "0"))),
        keeps_seconds=seconds_of(str(rule.get("keep_firing_for", "0"))),
        file=file.partition("-")[2],
    )
