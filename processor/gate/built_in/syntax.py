"""Refuse a change that leaves a file which its language can no longer parse."""

from pathlib import PurePosixPath

from processor.gate.built_in import parsers
from processor.gate.built_in.inspection import Inspection
from processor.gate.changed_file import ChangedFile, judgeable, judgeable_python
from processor.gate.comparison import compare
from processor.gate.plain_text import counted
from processor.gate.verdict import Verdict, all_or_nothing
from processor.model import Finding


def check(inspection: Inspection) -> Verdict:
    """Parse every changed Python, JSON, YAML and TOML file on both sides; nothing of it is executed."""
    parsed = [(file, parse) for file in inspection.present if (parse := _parser_of(file)) is not None]
    if not parsed:
        return Verdict.not_applicable("no Python, JSON, YAML or TOML file is changed")
    base, change = [], []
    for file, parse in parsed:
        base += _problem(file, file.before, parse)
        change += _problem(file, file.after, parse)
    return all_or_nothing(compare(base, change), summary_when_passed=f"{counted(len(parsed), 'file')} can be parsed")


def _problem(file: ChangedFile, content: bytes | None, parse: parsers.Parse) -> list[Finding]:
    if content is None:
        return []
    small_enough = judgeable_python if file.is_python else judgeable
    problem = parse(small_enough(content, file.path))
    if problem is None:
        return []
    # The key is the file alone: one that did not parse before may go on not parsing, for whatever reason.
    return [
        Finding(
            key=file.path,
            message=f"{file.path} line {problem.line} cannot be parsed: {problem.message}",
            path=file.path,
            line=problem.line,
        )
    ]


def _parser_of(file: ChangedFile) -> parsers.Parse | None:
    path = PurePosixPath(file.path.lower())
    if file.is_python:
        return parsers.python
    if path.suffix == ".json":
        return None if _has_comments_by_custom(path) else parsers.json_text
    if path.suffix in {".yaml", ".yml"}:
        return None if _is_template(file, path) else parsers.yaml_text
    return parsers.toml_text if path.suffix == ".toml" else None


def _has_comments_by_custom(path: PurePosixPath) -> bool:
    """Tell whether programs read this file as JSON with comments."""
    names = ("tsconfig", "jsconfig", "devcontainer", ".eslintrc", "api-extractor")
    return path.name.startswith(names) or ".vscode" in path.parts


def _is_template(file: ChangedFile, path: PurePosixPath) -> bool:
    """Tell whether the file becomes YAML only after a program such as Helm has filled it in."""
    return "templates" in path.parts and any(b"{{" in (side or b"") for side in (file.before, file.after))
