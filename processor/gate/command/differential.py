"""Judge by a command check: the change, the base commit, and the change once more when something is new."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from processor.errors import GateToolError
from processor.gate.base_findings import BaseFindings
from processor.gate.changed_file import ChangedFile
from processor.gate.command.argv import applies, expand
from processor.gate.command.environment import check_environment
from processor.gate.command.execution import Execution
from processor.gate.command.identity import identify
from processor.gate.command.traces import list_files, list_rewritten, remove_others
from processor.gate.comparison import compare, follow_renames, has_new
from processor.gate.verdict import Verdict, all_or_nothing, in_state
from processor.model import CheckResult, Finding, FindingState
from processor.settings.sections import CommandCheck

_POINTS_A_LINE = 20


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Both sides of one change, and the memory of the base commit; `cache` is None when it is switched off."""

    repository: str
    base_commit: str
    files: tuple[ChangedFile, ...]
    changed_worktree: Path
    base_worktree: Callable[[], Path]
    execution: Execution
    cache: BaseFindings | None

    def judge(self, check: CommandCheck) -> Verdict:
        """Run a check on both sides.

        Raises:
            GateToolError: it rewrote the change, could not run on it, or on the base commit although it has findings.
        """
        if not applies(check, self.files):
            return Verdict.not_applicable(f"no changed file ends in {', '.join(check.languages)}")
        argv = expand(check, [file.new_path for file in self.files if file.after is not None and file.new_path])
        if argv is None:
            return Verdict.not_applicable("the change leaves no file for it")
        before = list_files(self.changed_worktree)
        first = self._on_change(check, argv, "change")
        try:
            base = self._base(check)
        except GateToolError as error:
            if first:
                raise GateToolError(f"on the base commit {error}") from error
            summary = f"no complaint; on the base commit {error}"
            return Verdict(result=CheckResult.PASSED, score=100, summary=summary)
        again = None
        if has_new(base, first):
            # A test that writes what it then compares with, as snapshot tests do, would hold the second time.
            remove_others(self.changed_worktree, before)
            again = self._on_change(check, argv, "change-again")
        return _verdict(check, compare(base, first, again, family=partial(_family, check)))

    def _on_change(self, check: CommandCheck, argv: Sequence[str], purpose: str) -> tuple[Finding, ...]:
        known = list_rewritten(self.changed_worktree, self.files)
        found = self.execution.run(check, argv, self.changed_worktree, purpose)
        if rewritten := list_rewritten(self.changed_worktree, self.files) - known:
            # It praises its own work, and later checks see what is not published.
            raise GateToolError(
                f"it rewrote {min(rewritten)}, a file of the change; a check must only look: "
                "take the option that mends, such as --fix, out of its argv"
            )
        return found

    def _base(self, check: CommandCheck) -> tuple[Finding, ...]:
        argv = expand(check, [file.old_path for file in self.files if file.before is not None and file.old_path])
        if argv is None:
            return ()
        renamed = {
            file.old_path: file.new_path
            for file in self.files
            if file.old_path and file.new_path and file.old_path != file.new_path
        }
        return follow_renames(self._cached_base(check, argv), renamed)

    def _cached_base(self, check: CommandCheck, argv: Sequence[str]) -> tuple[Finding, ...]:
        if self.cache is None:
            return self.execution.run(check, argv, self.base_worktree(), "base")
        room = self.execution
        environment = check_environment(
            check, room.settings, room.environ, scratch=room.output_directory, run_id=room.run_id
        )
        security = room.settings.security
        identity = identify(
            check,
            argv,
            environment,
            self.changed_worktree,
            fencing=(security.sandbox, security.gate_network),
            day=datetime.now(UTC).date(),
        )
        known = self.cache.get(self.repository, self.base_commit, identity)
        if known is None:
            known = room.run(check, argv, self.base_worktree(), "base")
            self.cache.put(self.repository, self.base_commit, identity, known)
        return known


def _family(check: CommandCheck, finding: Finding) -> str:
    """Say what makes findings of two runs one complaint: the test without its parameters, or the file."""
    return finding.key.partition("[")[0] if check.findings == "pytest" else finding.path


def _verdict(check: CommandCheck, findings: tuple[Finding, ...]) -> Verdict:
    verdict = all_or_nothing(findings, summary_when_passed="no new complaint")
    new = len(in_state(findings, FindingState.NEW))
    if check.findings != "lines" or not new:
        return verdict
    return Verdict(
        result=verdict.result,
        score=max(0, 100 - _POINTS_A_LINE * new),
        summary=verdict.summary,
        findings=findings,
    )
