"""The global options of one call of `aip`, and the variables it sees."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import typer

DEFAULT_CONFIG_DIR = Path("configs")
CONFIG_DIR_VARIABLE = "AUTO_ISSUE_CONFIG_DIR"
OPERATOR_VARIABLE = "AIP_OPERATOR"


@dataclass(frozen=True)
class Invocation:
    """What was said before the command's own name."""

    config_dir: Path = DEFAULT_CONFIG_DIR
    operator: str = ""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)


def invocation(context: typer.Context) -> Invocation:
    """Give the global options; a command that is called alone gets the defaults."""
    found = context.find_object(Invocation)
    return found if isinstance(found, Invocation) else Invocation()
