"""Refuse a change that is no answer to its issue: documentation for code, nothing but deleted files, something else."""

import ast
from pathlib import PurePosixPath

from processor.gate.built_in import issue_kind
from processor.gate.built_in.inspection import Inspection
from processor.gate.built_in.quiet import without_warnings
from processor.gate.changed_file import ChangedFile, judgeable_python
from processor.gate.verdict import Verdict, all_or_nothing
from processor.model import Finding, Issue

_SUFFIXES = frozenset({".md", ".markdown", ".rst", ".txt", ".adoc", ".asciidoc", ".org", ".pod", ".textile", ".rdoc"})
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".pdf", ".drawio"})
_NAMES = ("readme", "changelog", "changes", "license", "licence", "authors", "contributing", "news", "notice", "todo")
_NO_DOCUMENTS = ("requirements", "constraints", "cmakelists", "robots", "manifest", "llms", "runtime")
_SMALLEST_COPY = 3


def check(inspection: Inspection) -> Verdict:
    """Judge by the kinds of files and of issue, and whether anything but white space or comments changed."""
    problems = [
        problem
        for problem in (
            _copy_of_issue(inspection.issue, inspection.files),
            evasion(inspection.issue, inspection.files),
            _deletes_alone(inspection.issue, inspection.files),
            _unrelated(inspection),
        )
        if problem
    ]
    findings = tuple(Finding(key=problem, message=problem) for problem in problems)
    return all_or_nothing(findings, summary_when_passed="the change answers the kind of issue it is for")


def evasion(issue: Issue, files: tuple[ChangedFile, ...]) -> str:
    """Say how the change evades an issue about code, "" when it does not."""
    documents = [file for file in files if is_document(file.path)]
    if len(documents) == len(files):
        if issue_kind.wants_documentation(issue) or all(_is_asked_for(issue, file) for file in documents):
            return ""
        names = ", ".join(sorted(file.path for file in documents)[:3])
        return f"the issue is about code and the change touches documentation alone ({names})"
    if issue_kind.wants_layout(issue) or issue_kind.wants_documentation(issue):
        return ""
    code = [file for file in files if not is_document(file.path)]
    if all(_is_same_but_for_white_space(file) for file in code):
        return "the change touches white space alone, and the issue does not speak of layout"
    if all(_is_same_but_for_white_space(file) or _is_same_but_for_comments(file) for file in code):
        return "the change touches comments and docstrings alone, and the issue is about code"
    return ""


def is_document(path: str) -> bool:
    """Tell whether a file is documentation by its name."""
    pure = PurePosixPath(path.lower())
    if pure.name.startswith(_NO_DOCUMENTS) and pure.suffix == ".txt":
        return False
    if pure.suffix in _SUFFIXES or (not pure.suffix and pure.name.startswith(_NAMES)):
        return True
    return pure.suffix in _PICTURES and not {"doc", "docs", "documentation"}.isdisjoint(pure.parts)


def _is_asked_for(issue: Issue, file: ChangedFile) -> bool:
    # A new file does not count: an issue that mentions a report to be written is still about what goes wrong.
    return file.old_path is not None and issue_kind.names_path(issue, file.old_path)


def _is_same_but_for_white_space(file: ChangedFile) -> bool:
    if _is_moved_or_special(file) or file.is_binary:
        return False
    if "".join("".join(file.lines_before).split()) != "".join("".join(file.lines_after).split()):
        return False
    return not file.is_python or _is_same_but_for_comments(file)


def _is_same_but_for_comments(file: ChangedFile) -> bool:
    if not file.is_python or _is_moved_or_special(file):
        return False
    try:
        return _without_docstrings(file, file.before) == _without_docstrings(file, file.after)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _is_moved_or_special(file: ChangedFile) -> bool:
    return file.old_path != file.new_path or file.old_mode != file.new_mode or file.before is None or file.after is None


def _without_docstrings(file: ChangedFile, source: bytes | None) -> str:
    with without_warnings():
        tree = ast.parse(judgeable_python(source or b"", file.path))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:]
    return ast.dump(tree)


def _deletes_alone(issue: Issue, files: tuple[ChangedFile, ...]) -> str:
    if issue_kind.wants_removal(issue) or any(file.new_path is not None for file in files):
        return ""
    names = ", ".join(sorted(file.path for file in files)[:3])
    return f"the change does nothing but delete files ({names}), and the issue does not speak of removing"


def _copy_of_issue(issue: Issue, files: tuple[ChangedFile, ...]) -> str:
    said = {" ".join(line.split()) for line in issue.body.splitlines()} - {""}
    for file in files:
        if file.before is not None or file.after is None or not is_document(file.path):
            continue
        lines = [" ".join(line.split()) for line in file.lines_after if line.strip()]
        copied = sum(line in said for line in lines)
        if len(said) >= _SMALLEST_COPY and copied >= _SMALLEST_COPY and copied * 2 > len(lines):
            return f"{file.path} is little more than a copy of the issue"
    return ""


def _unrelated(inspection: Inspection) -> str:
    """Speak up only when the issue names files that exist, and the change is near none of them in place or words."""
    issue = inspection.issue
    named = {path for path in issue_kind.named_paths(issue) if _exists(inspection, path)}
    touched = {path for file in inspection.files for path in (file.old_path, file.new_path) if path}
    if not named or named & touched or _folders(named) & _folders(touched):
        return ""
    spoken = issue_kind.telling_words((issue.title, issue.body))
    changed = [line for file in inspection.files for _, line in (*file.added, *file.removed)]
    if spoken & issue_kind.telling_words((*touched, *changed)):
        return ""
    return (
        f"the change is unrelated: the issue names {min(named)}, and the change shares neither folder nor word with it"
    )


def _folders(paths: set[str]) -> set[str]:
    return {str(PurePosixPath(path).parent) for path in paths}


def _exists(inspection: Inspection, path: str) -> bool:
    if ".." in PurePosixPath(path).parts or path.startswith("/"):
        return False
    was = any(file.old_path == path for file in inspection.files)
    return was or (inspection.worktree / path).is_file()
