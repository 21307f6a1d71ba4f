"""Parse hostile files without executing them: Python, JSON, YAML, TOML; each tells its first problem."""

import json
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import yaml

from processor.errors import GateToolError
from processor.gate.built_in.quiet import without_warnings

_DEEPEST = 100


@dataclass(frozen=True)
class Problem:
    """Why a file cannot be parsed; `line` is 1-based."""

    line: int
    message: str


Parse = Callable[[bytes], Problem | None]


def python(content: bytes) -> Problem | None:
    """Compile, which also finds a `return` outside a function; the code object is thrown away.

    Raises:
        GateToolError: the code is nested too deep for the compiler.
    """
    try:
        with without_warnings():
            compile(content, "<changed file>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return Problem(error.lineno or 1, error.msg)
    except ValueError as error:  # a zero byte
        return Problem(1, str(error))
    except (RecursionError, MemoryError) as error:
        raise GateToolError("Python code is nested too deep to be parsed; change this file by hand") from error
    return None


def json_text(content: bytes) -> Problem | None:
    """Parse JSON.

    Raises:
        GateToolError: it is nested too deep.
    """
    try:
        json.loads(content)
    except json.JSONDecodeError as error:
        return Problem(error.lineno, error.msg)
    except ValueError:  # no UTF-8, or a number with more digits than Python converts
        return Problem(1, "not a text that JSON allows")
    except RecursionError as error:
        raise GateToolError("JSON is nested too deep to be parsed; change this file by hand") from error
    return None


def yaml_text(content: bytes) -> Problem | None:
    """Parse YAML by its events: no object is made, no alias is followed.

    Raises:
        GateToolError: it is nested deeper than 100 levels; libyaml's own composer would crash on far deeper ones.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _check_events(yaml.parse(content, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return Problem(mark.line + 1 if mark else 1, error.problem or "not YAML")
    except (yaml.YAMLError, ValueError):
        return Problem(1, "not a text that YAML allows")


def _check_events(events: Iterable[yaml.Event]) -> Problem | None:
    depth = 0
    anchors: set[str] = set()
    for event in events:
        depth += _step(event)
        if depth > _DEEPEST:
            raise GateToolError(f"YAML is nested deeper than {_DEEPEST} levels; change this file by hand")
        if isinstance(event, yaml.DocumentStartEvent):
            anchors = set()
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in anchors:
                return Problem(event.start_mark.line + 1 if event.start_mark else 1, "an alias names no anchor")
        elif isinstance(event, yaml.NodeEvent) and event.anchor:
            anchors.add(event.anchor)
    return None


def _step(event: yaml.Event) -> int:
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def toml_text(content: bytes) -> Problem | None:
    """Parse TOML.

    Raises:
        GateToolError: it is nested too deep.
    """
    try:
        tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        return Problem(1, "not UTF-8")
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = message.rpartition("(at line ")[2].split(",")[0]
        return Problem(int(place) if place.isdecimal() else 1, message)
    except RecursionError as error:
        raise GateToolError("TOML is nested too deep to be parsed; change this file by hand") from error
    return None
