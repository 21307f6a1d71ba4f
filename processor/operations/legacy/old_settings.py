"""Turn the settings of the original system into ours, and say what becomes of every key. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

import yaml

from processor.logs.redaction import has_token
from processor.operations.legacy import old_keys

_SECRET_NAME: Final = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|_KEY$|CREDENTIAL", re.IGNORECASE)
_REPOSITORY: Final = re.compile(r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")
_SHORT_TIMEOUT_SECONDS: Final = 600


@dataclass(frozen=True)
class Carried:
    """A value that was taken over: where it stood, and what it is with us."""

    file: str
    key: str
    ours: str
    value: object


@dataclass(frozen=True)
class Left:
    """A key that was not taken over, and why; never its value, which may be a secret."""

    file: str
    key: str
    reason: str


@dataclass
class Translation:
    """Our settings files by name, and the story of every key."""

    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    carried: list[Carried] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    secrets: list[Left] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def repository(self) -> str | None:
        """The repository that the old settings name; None when they name none."""
        listed = self.files.get(old_keys.MAIN, {}).get("repositories")
        return str(listed[0]["name"]) if listed else None


_NO_COUNTERPART: Final = "means nothing here: the original system never acted on it, or we do it always or by ourselves"


def translate(texts: Mapping[str, str]) -> Translation:
    """Translate the old settings files, given by name; `.env` last, for its variables win over the files."""
    translation = Translation()
    for name, text in sorted(_current(texts).items(), key=lambda item: item[0].endswith(".env")):
        base = PurePosixPath(name).name
        if base == ".env":
            _take_variables(translation, name, text)
        elif base != "alert_rules.yaml":
            _take_yaml(translation, name, base, text)
    _doubt(translation)
    return translation


def _current(texts: Mapping[str, str]) -> dict[str, str]:
    """Leave out what lies in a backup, where the same file lies outside of one."""
    outside = {PurePosixPath(name).name for name in texts if not _is_in_backup(name)}
    return {
        name: text for name, text in texts.items() if not _is_in_backup(name) or PurePosixPath(name).name not in outside
    }


def _is_in_backup(name: str) -> bool:
    return any(part.endswith((".tar.gz", ".tgz", ".tar")) for part in PurePosixPath(name).parts[:-1])


def _take_yaml(translation: Translation, name: str, base: str, text: str) -> None:
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:  # a date that cannot be, or nested without end
        translation.left.append(Left(name, "", f"is no YAML ({str(exc).splitlines()[0]})"))
        return
    if not isinstance(data, dict):
        translation.left.append(Left(name, "", "holds no keys"))
    elif base == old_keys.ENVIRONMENTS:
        _take_environments(translation, name, data)
    else:
        rules = old_keys.OF_GATE if base == old_keys.GATE else old_keys.OF_MAIN
        for key, value in _flat(data):
            _take(translation, name, key, value, rules.get(key))


def _take_environments(translation: Translation, name: str, data: Mapping[object, object]) -> None:
    for environment, values in data.items():
        for key, value in values.items() if isinstance(values, dict) else ():
            rule = old_keys.of_environment(str(environment), str(key))
            _take(translation, name, f"{environment}.{key}", value, rule)


def _take_variables(translation: Translation, name: str, text: str) -> None:
    variables = dict(_variables(text))
    owner, repository = variables.pop("GITHUB_REPO_OWNER", ""), variables.pop("GITHUB_REPO_NAME", "")
    both = variables.pop("GITHUB_REPOSITORY", "") or f"{owner}/{repository}"
    if _REPOSITORY.match(both):
        translation.files.setdefault(old_keys.MAIN, {})["repositories"] = [{"name": both}]
        translation.carried.append(Carried(name, "GITHUB_REPOSITORY", "repositories", both))
    for key, value in variables.items():
        if _SECRET_NAME.search(key) or has_token(value):
            translation.secrets.append(Left(name, key, "is a secret and was not copied"))
        else:
            _take(translation, name, key, value, old_keys.OF_VARIABLES.get(key))


def _take(translation: Translation, file: str, key: str, value: object, rule: old_keys.Rule | None) -> None:
    if _SECRET_NAME.search(key) or has_token(str(value)):
        translation.secrets.append(Left(file, key, "is a secret and was not copied"))
        return
    if rule is None:
        translation.left.append(Left(file, key, _NO_COUNTERPART))
        return
    ours_file, ours, read = rule
    try:
        found = read(value)
    except ValueError as exc:
        reason = str(exc) if str(exc).startswith(("is ", "does ")) else "is no number"
        translation.left.append(Left(file, key, reason))
        return
    place = translation.files.setdefault(ours_file, {})
    *sections, last = ours.split(".")
    for section in sections:
        place = place.setdefault(section, {})
    if last in place and place[last] != found:
        translation.doubts.append(f"{file}: {key} says {found}, another one said {place[last]}; the last one is taken")
    place[last] = found
    translation.carried.append(Carried(file, key, f"{ours_file}: {ours}", found))


def _doubt(translation: Translation) -> None:
    for file, data in translation.files.items():
        for place, values in (("", data), *((f"{key}.", value) for key, value in data.items())):
            timeout = values.get("timeout") if isinstance(values, dict) else None
            if isinstance(timeout, int) and timeout < _SHORT_TIMEOUT_SECONDS:
                translation.doubts.append(
                    f"{file}: {place}timeout is {timeout} s, and with us it ends the agent, which works for minutes; "
                    "take 1800 unless yours is quicker"
                )


def _flat(data: Mapping[Any, Any], before: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for key, value in data.items():
        name = f"{before}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, dict) else [(name, value)]
    return found


def _variables(text: str) -> list[tuple[str, str]]:
    found = re.findall(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$", text, re.MULTILINE)
    return [(name, value.strip("'\"")) for name, value in found]
