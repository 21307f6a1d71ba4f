"""YAML without its surprises: only true and false are truth values, only plain decimals are numbers, dates are text.

In YAML 1.1, which PyYAML speaks, `sandbox: off` is the value false, `0600` is 384, `10:30` is 630 and the label `no`
is false too. This is close to the core schema of YAML 1.2. Source: https://yaml.org/spec/1.2.2/#103-core-schema
"""

import re

import yaml

_KINDS = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan", "-+.0123456789"),
)
_KEPT = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")


def _resolvers() -> dict[str | None, list[tuple[str, re.Pattern[str]]]]:
    """Map the first character of a plain value to the kinds that it may be of, as PyYAML wants it."""
    resolvers = {
        first: [(tag, pattern) for tag, pattern in kinds if tag in _KEPT]
        for first, kinds in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    for name, pattern, firsts in _KINDS:
        for first in firsts:
            resolvers.setdefault(first, []).append((f"tag:yaml.org,2002:{name}", re.compile(rf"^(?:{pattern})$")))
    return resolvers


class PlainLoader(yaml.SafeLoader):
    """A safe loader with fewer kinds of plain values."""

    yaml_implicit_resolvers = _resolvers()  # the library's own way to say it
