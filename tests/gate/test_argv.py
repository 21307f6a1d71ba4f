"""A command check applies to its languages and gets the changed files, each as an argument of its own."""

from typing import Any

import pytest

from processor.gate.changed_file import ChangedFile
from processor.gate.command.argv import applies, expand
from processor.settings.sections import CommandCheck


def _check(argv: tuple[str, ...] = ("lint", "{files}"), **rest: Any) -> CommandCheck:
    return CommandCheck(name="lint", argv=argv, **rest)


@pytest.mark.parametrize(
    ("languages", "path", "is_applicable"),
    [
        ((), "a.js", True),
        (("py",), "a.py", True),
        ((".PY",), "a.py", True),
        (("py",), "a.pyx", False),
        (("py",), "py", False),
    ],
)
def test_it_applies_to_its_suffixes(languages: tuple[str, ...], path: str, *, is_applicable: bool) -> None:
    assert applies(_check(languages=languages), [ChangedFile(None, path)]) == is_applicable


def test_a_deleted_file_counts() -> None:
    assert applies(_check(languages=("py",)), [ChangedFile("a.py", None)])


def test_files_are_arguments_and_never_options() -> None:
    given = expand(_check(("lint", "-q", "{files}", "end")), ["a b.py", "--fix", "@list", "$(x).py"])
    assert given == ("lint", "-q", "a b.py", "./--fix", "./@list", "./$(x).py", "end")


def test_only_files_of_its_languages_are_given() -> None:
    assert expand(_check(languages=("py",)), ["a.py", "b.md"]) == ("lint", "a.py")


def test_without_files_there_is_nothing_to_run() -> None:
    assert expand(_check(), []) is None
    assert expand(_check(("lint", ".")), []) == ("lint", ".")
