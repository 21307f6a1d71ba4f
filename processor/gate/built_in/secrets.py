"""Refuse a change that adds a secret; the secret itself is never shown or kept."""

from processor.gate.built_in.inspection import Inspection
from processor.gate.built_in.secret_detectors import FoundSecret, find_secrets
from processor.gate.changed_file import ChangedFile
from processor.gate.comparison import compare
from processor.gate.verdict import Verdict, all_or_nothing
from processor.model import Finding

_KEY_STORES = (".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk")


def check(inspection: Inspection) -> Verdict:
    """Look at added lines alone; a secret that stood in the changed files before is no new one, wherever it moved."""
    if not inspection.present:
        return Verdict.not_applicable("the change adds no text")
    before = "\n".join("\n".join(file.lines_before) for file in inspection.files)
    after = "\n".join("\n".join(file.lines_after) for file in inspection.files)
    added = inspection.added_secrets
    removed = [(file, one) for file in inspection.files for one in find_secrets(file, file.removed)]
    new = [_finding(file, one) for file, one in added if one.value not in before]
    moved = [_finding(file, one) for file, one in added if one.value in before]
    gone = [_finding(file, one) for file, one in removed if one.value not in after]
    new += [finding for file in inspection.present for finding in _key_store(file)]
    # The three lists are compared one by one: keys tell no secret, so equal keys may be different secrets.
    findings = (*compare((), new), *compare(gone, ()), *compare(moved, moved))
    return all_or_nothing(findings, summary_when_passed="no new secret in the added lines")


def _finding(file: ChangedFile, found: FoundSecret) -> Finding:
    return Finding(
        key=f"{found.kind} in {file.path}",
        message=f"{found.kind} in {file.path} line {found.line}; take it out and revoke it if it is real",
        path=file.path,
        line=found.line,
    )


def _key_store(file: ChangedFile) -> list[Finding]:
    if file.before is not None or not file.path.lower().endswith(_KEY_STORES):
        return []
    return [Finding(key=f"key store {file.path}", message=f"{file.path} is a store of keys", path=file.path)]
