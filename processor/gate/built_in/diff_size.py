"""Refuse a change that is too large for a person to review."""

from processor.gate.built_in.inspection import Inspection
from processor.gate.plain_text import counted
from processor.gate.verdict import Verdict, all_or_nothing
from processor.model import Finding


def check(inspection: Inspection) -> Verdict:
    """Count files and lines; a renamed file is one file, and a file that git calls binary is counted by its text."""
    limits = inspection.limits.diff_size
    files = len(inspection.files)
    lines = max(
        inspection.change.added_lines + inspection.change.removed_lines,
        sum(len(file.added) + len(file.removed) for file in inspection.files if not file.is_binary),
    )
    findings = []
    if files > limits.max_files:
        message = f"the change touches {files} files, more than max_files {limits.max_files}; split the issue"
        findings.append(Finding(key="files", message=message))
    if lines > limits.max_lines:
        message = f"the change adds and removes {lines} lines, more than max_lines {limits.max_lines}; split the issue"
        findings.append(Finding(key="lines", message=message))
    binary = sum(file.is_binary for file in inspection.files)
    note = f", {binary} binary" if binary else ""
    return all_or_nothing(
        tuple(findings), summary_when_passed=f"{counted(files, 'file')}{note}, {counted(lines, 'line')}"
    )
