"""Read the handbook's `alert_rules.yaml`: every rule that it holds, or every fault with its line and column."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import yaml

from processor.alerting.legacy_rules import grammar
from processor.alerting.legacy_rules.condition import Condition
from processor.alerting.legacy_rules.source import FaultList, place_in_scalar, read_source
from processor.alerting.legacy_rules.tokens import ConditionFault
from processor.errors import SettingsError

SEVERITIES = ("critical", "high", "medium", "low")
CHANNELS = ("email", "slack", "webhook")
_KEYS = ("name", "condition", "severity", "message", "channels")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_ -]+[A-Za-z0-9]+)*")


@dataclass(frozen=True)
class LegacyRule:
    """One rule of the old alert manager."""

    name: str
    condition: Condition
    condition_text: str
    severity: str  #: one of `SEVERITIES`
    message: str
    channels: tuple[str, ...]  #: of `CHANNELS`, each once


def read_rules(path: Path, known: Collection[str]) -> tuple[LegacyRule, ...]:
    """Read every rule of a file whose conditions may use the known names.

    Raises:
        SettingsError: with every fault of the file.
    """
    text, faults = read_source(path)
    rules = _Reader(text, faults, known).rules()
    if faults.found:
        raise SettingsError(sorted(faults.found, key=lambda fault: (fault.line or 0, fault.column or 0)))
    return rules


class _Reader:
    """Walks the nodes, for a node knows its place; what is at fault is noted and left out."""

    def __init__(self, text: str, faults: FaultList, known: Collection[str]) -> None:
        self._text = text
        self._faults = faults
        self._known = known
        self._names: dict[str, int] = {}

    def rules(self) -> tuple[LegacyRule, ...]:
        """Read the list under `rules`."""
        root = self._faults.compose(self._text)
        if root is None:
            return ()
        fields = self._fields(root, "file", ("rules",))
        if not isinstance(root, yaml.MappingNode):
            return ()
        listed = fields.get("rules")
        if not isinstance(listed, yaml.SequenceNode) or not listed.value:
            self._faults.add(listed or root, "rules", "holds no list of rules", "write `rules:` and a list below it")
            return ()
        read = [self._rule(node, f"rules[{position}]") for position, node in enumerate(listed.value)]
        return tuple(rule for rule in read if rule is not None)

    def _rule(self, node: yaml.Node, key: str) -> LegacyRule | None:
        before = len(self._faults.found)
        fields = self._fields(node, key, _KEYS)
        if not isinstance(node, yaml.MappingNode):
            return None
        for name in _KEYS:
            if name not in fields:
                self._faults.add(node, f"{key}.{name}", "is missing", f"write {name}: in this rule")
        name = self._name(fields.get("name"), f"{key}.name")
        condition = self._condition(fields.get("condition"), f"{key}.condition")
        severity = self._word(fields.get("severity"), f"{key}.severity", SEVERITIES)
        message = self._plain(fields.get("message"), f"{key}.message")
        channels = self._channels(fields.get("channels"), f"{key}.channels")
        if condition is None or len(self._faults.found) > before:
            return None
        text = " ".join(fields["condition"].value.split())
        return LegacyRule(name, condition, text, severity, message, channels)

    def _fields(self, node: yaml.Node, key: str, known: tuple[str, ...]) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._faults.add(
                node, key, "is not a mapping", f"write lines of the form key: value with {', '.join(known)}"
            )
            return {}
        fields: dict[str, yaml.Node] = {}
        for key_node, value_node in node.value:
            name = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            if name not in known:
                nearest = get_close_matches(name, known, n=1)
                advice = f"did you mean {nearest[0]}? " if nearest else ""
                self._faults.add(key_node, f"{key}.{name}", "is not known", f"{advice}known are {', '.join(known)}")
            elif name in fields:
                self._faults.add(key_node, f"{key}.{name}", "stands twice", "keep one of them")
            else:
                fields[name] = value_node
        return fields

    def _plain(self, node: yaml.Node | None, key: str) -> str:
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self._faults.add(node, key, "holds no text", "write one")
            return ""
        return str(node.value).strip()

    def _name(self, node: yaml.Node | None, key: str) -> str:
        name = self._plain(node, key)
        if node is None or not name:
            return ""
        if not _NAME.fullmatch(name):
            self._faults.add(node, key, "is not a name", "begin with a letter, then letters, digits and _", name)
        first = self._names.setdefault(alert_name(name), node.start_mark.line + 1)
        if first != node.start_mark.line + 1:
            self._faults.add(node, key, f"gives the same alert as line {first}", "give the rule another name", name)
        return name

    def _word(self, node: yaml.Node | None, key: str, known: tuple[str, ...]) -> str:
        word = self._plain(node, key)
        if node is not None and word and word.lower() not in known:
            self._faults.add(node, key, "is not known", f"known are {', '.join(known)}", word)
        return word.lower()

    def _channels(self, node: yaml.Node | None, key: str) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self._faults.add(node, key, "is not a list of channels", f"list one or more of {', '.join(CHANNELS)}")
            return ()
        words = [self._word(item, f"{key}[{place}]", CHANNELS) for place, item in enumerate(node.value)]
        return tuple(dict.fromkeys(words))

    def _condition(self, node: yaml.Node | None, key: str) -> Condition | None:
        if not self._plain(node, key) or not isinstance(node, yaml.ScalarNode):
            return None
        try:
            return grammar.parse(node.value, self._known)
        except ConditionFault as exc:
            self._faults.add_at(place_in_scalar(self._text, node, exc.at), key, exc.problem, exc.remedy)
            return None


def alert_name(name: str) -> str:
    """Give the Prometheus name of an old rule: `high_error_rate` becomes `ImportedHighErrorRate`."""
    words = re.split(r"[_ -]+", name)
    return "Imported" + "".join(word[:1].upper() + word[1:] for word in words)
