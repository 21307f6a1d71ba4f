"""What the product knows of one coding-agent CLI, and what reading its output yields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from processor.model import Usage


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What a CLI left behind when it ended: its two streams and the file named {output_file}, empty when absent."""

    stdout: str = ""
    stderr: str = ""
    output_file: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a CLI said of its run. It exits 0 on some failures, so `error` counts whatever the exit code is."""

    usage: Usage = field(default_factory=Usage)
    summary: str = ""  #: its last words
    error: str | None = None  #: its own complaint; None when it made none
    is_over_budget: bool = False  #: it stopped at a spending limit


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How a CLI is called unattended, and how its output is read.

    The command is `program` + `model_options` (when a model is set) + `options`.
    """

    program: tuple[str, ...]
    parse: Callable[[Printed], Report]
    options: tuple[str, ...] = ()
    model_options: tuple[str, ...] = ()
    prompt: Literal["stdin", "file"] = "stdin"
    environment: Mapping[str, str] = field(default_factory=dict)  #: the operator's own variables win
    sign_in_variables: tuple[str, ...] = ()  #: one of them signs the CLI in
    sign_in_files: tuple[str, ...] = ()  #: or one of these, relative to the home folder
    home_folders: tuple[str, ...] = ()  #: its own folders below the home folder, which it must be able to write
    home_files: tuple[str, ...] = ()  #: the same for files
    litter: tuple[str, ...] = ()  #: patterns of files of its own that it leaves at the top of the worktree
