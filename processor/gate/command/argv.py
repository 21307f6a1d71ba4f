"""Decide whether a command check applies to a change, and with which arguments."""

from collections.abc import Iterable, Sequence

from processor.gate.changed_file import ChangedFile
from processor.settings.sections import CommandCheck

_FILES = "{files}"


def applies(check: CommandCheck, files: Sequence[ChangedFile]) -> bool:
    """Tell whether a changed file, old name or new, has one of the check's suffixes; always when it names none."""
    names = [name for file in files for name in (file.old_path, file.new_path) if name]
    return not check.languages or any(_has_suffix(check, name) for name in names)


def expand(check: CommandCheck, paths: Iterable[str]) -> tuple[str, ...] | None:
    """Put files in the place of `{files}`, each an argument of its own; None when there is no file to put there.

    Only files with one of the check's suffixes are given.
    """
    if _FILES not in check.argv:
        return check.argv
    given = [_as_argument(path) for path in paths if not check.languages or _has_suffix(check, path)]
    if not given:
        return None
    return tuple(part for word in check.argv for part in (given if word == _FILES else [word]))


def _has_suffix(check: CommandCheck, path: str) -> bool:
    return path.lower().endswith(tuple(f".{language.lower().lstrip('.')}" for language in check.languages))


def _as_argument(path: str) -> str:
    # A file called `--fix` or `@list` must be read as a file.
    return path if path[0].isalnum() or path[0] in "_." else f"./{path}"
