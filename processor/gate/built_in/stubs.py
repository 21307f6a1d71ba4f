"""Refuse a change that pretends: empty functions, placeholder comments, tests that test nothing."""

from pathlib import PurePosixPath

from processor.gate.built_in.inspection import Inspection
from processor.gate.built_in.python_stubs import find_python_stubs
from processor.gate.built_in.stub_words import find_placeholder_lines
from processor.gate.changed_file import ChangedFile, judgeable_python
from processor.gate.comparison import compare
from processor.gate.verdict import Verdict, all_or_nothing
from processor.model import Finding

# fmt: off
_SOURCE = frozenset(
    {
        ".c", ".cc", ".cpp", ".cs", ".cxx", ".dart", ".ex", ".exs", ".go", ".h",
        ".hpp", ".java", ".js", ".jsx", ".kt", ".kts", ".lua", ".m", ".mjs", ".php",
        ".pl", ".pm", ".ps1", ".r", ".rb", ".rs", ".scala", ".sh", ".bash", ".sql",
        ".svelte", ".swift", ".ts", ".tsx", ".vue", ".zig",
    }
)
# fmt: on


def check(inspection: Inspection) -> Verdict:
    """Compare the stubs on both sides; one that stood there before may stay."""
    files = [file for file in inspection.present if _is_source(file)]
    if not files:
        return Verdict.not_applicable("no source file is changed")
    base = [finding for file in files for finding in _stubs(file, file.before)]
    change = [finding for file in files for finding in _stubs(file, file.after)]
    return all_or_nothing(compare(base, change), summary_when_passed="no new stub or empty test")


def _stubs(file: ChangedFile, content: bytes | None) -> list[Finding]:
    if content is None:
        return []
    if file.is_python:
        found = find_python_stubs(
            judgeable_python(content, file.path), is_test=file.is_test, is_interface=_is_interface(file)
        )
        if found is not None:
            return [_finding(file, stub.key, stub.message, stub.line) for stub in found]
    lines = file.lines_after if content is file.after else file.lines_before
    return [_finding(file, words, f"placeholder: {words}", number) for number, words in find_placeholder_lines(lines)]


def _finding(file: ChangedFile, key: str, message: str, line: int) -> Finding:
    return Finding(key=f"{file.path} {key}", message=f"{message} ({file.path} line {line})", path=file.path, line=line)


def _is_source(file: ChangedFile) -> bool:
    return file.is_python or PurePosixPath(file.path).suffix.lower() in _SOURCE


def _is_interface(file: ChangedFile) -> bool:
    return file.path.endswith(".pyi")
