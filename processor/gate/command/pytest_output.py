"""Read failed tests from what pytest prints; the key of a finding is the test's node id."""

import re

from processor.errors import GateToolError
from processor.gate.plain_text import one_line
from processor.model import Finding

_SUMMARY = re.compile(r"^=+ short test summary info =+$", re.MULTILINE)
_FAILURE = re.compile(r"^(?:FAILED|ERROR) (?P<node>[^\[\n]+?(?:\[.*?\])?)(?: - (?P<message>.*))?$", re.MULTILINE)
_COVERAGE = re.compile(
    r"^(?:FAIL |ERROR: )?(?:Required test coverage of .* not reached|Coverage failure: total of ).*$", re.MULTILINE
)
_COUNTS = re.compile(r"\b\d+ (?:passed|skipped|deselected|xfailed|xpassed)\b|\bno tests (?:ran|collected)\b")
_CANNOT_WORK = {3: "an internal error", 4: "a usage error: it cannot start with these arguments or this configuration"}
_NO_TESTS = 5


def pytest_findings(exit_code: int, output: str, *, is_complete: bool) -> tuple[Finding, ...]:
    """Read one finding per failed test or module that cannot be imported.

    Args:
        is_complete: whether pytest came to its end, shown by a file that it writes last. A test that ends the process
            with exit code 0 must not pass for a success.

    Raises:
        GateToolError: pytest could not work.
    """
    if exit_code in _CANNOT_WORK:
        raise GateToolError(f"pytest ended with {_CANNOT_WORK[exit_code]} (exit code {exit_code})")
    if exit_code == _NO_TESTS:
        return (Finding(key="no tests", message="pytest found no tests"),)
    if exit_code == 0:
        if is_complete or _COUNTS.search(output):
            return ()
        return (
            Finding(key="cut short", message="pytest ended before its summary, as if a test had ended the process"),
        )
    summaries = list(_SUMMARY.finditer(output))
    text = output[summaries[-1].end() :] if summaries else output
    found = {match["node"]: _finding(match) for match in _FAILURE.finditer(text)}
    if coverage := _COVERAGE.search(output):
        found["coverage"] = Finding(key="coverage", message=one_line(coverage[0]))
    if not found:
        # Were this a finding, a run that breaks alike on both sides would pass.
        raise GateToolError(f"pytest ended with exit code {exit_code} and named no failed test; see its output")
    return tuple(found.values())


def _finding(match: re.Match[str]) -> Finding:
    node = match["node"].strip()
    said = f": {match['message']}" if match["message"] else ""
    return Finding(key=node, message=one_line(f"{node} failed{said}"), path=node.split("::")[0])
