"""Hold the risk of new security findings against the threshold."""

from dataclasses import replace

from processor.gate.built_in.bandit_scan import scan
from processor.gate.built_in.inspection import Inspection
from processor.gate.comparison import compare
from processor.gate.plain_text import counted
from processor.gate.scoring import risk_of
from processor.gate.verdict import Verdict, in_state, with_note
from processor.model import CheckResult, Finding, FindingState


def check(inspection: Inspection) -> Verdict:
    """Scan the changed Python files on both sides with bandit; `# nosec` is ignored, since an agent could write it."""
    files = [file for file in inspection.present if file.is_python]
    if not files:
        return Verdict.not_applicable("no Python file is changed")
    base = scan(files, inspection.scratch, side="before")
    found = compare(base, scan(files, inspection.scratch, side="after"))
    new = in_state(found, FindingState.NEW)
    risk = risk_of([finding.risk for finding in new])
    # Keys served the comparison and hold source code; what is kept must not, for it may hold a secret.
    findings = tuple(replace(finding, key=f"{finding.path} {finding.message}") for finding in found)
    if risk > inspection.security_threshold:
        worst = max(new, key=lambda finding: finding.risk)
        summary = (
            f"{counted(len(new), 'new finding')} with a risk of {risk:g} of 10 in all, above security_threshold "
            f"{inspection.security_threshold:g}; worst: {_placed(worst)}"
        )
        return Verdict(result=CheckResult.FAILED, score=0, summary=summary, findings=findings)
    summary = with_note(f"{counted(len(new), 'new finding')}, risk {risk:g} of 10", found)
    return Verdict(result=CheckResult.PASSED, score=100 - 10 * risk, summary=summary, findings=findings)


def _placed(finding: Finding) -> str:
    return f"{finding.message} in {finding.path} line {finding.line}" if finding.line else finding.message
