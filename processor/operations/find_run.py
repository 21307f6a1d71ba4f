"""Find the run that an operator means by a run id, its beginning, or the address of an issue."""

from sqlalchemy import Connection

from processor.errors import UsageError
from processor.ledger import queries
from processor.ledger.records import RunRecord
from processor.model import IssueRef


def find_run(db: Connection, text: str) -> RunRecord:
    """Find one run; an issue means its newest run.

    Raises:
        UsageError: there is none, or the beginning fits several.
    """
    if "#" in text or "/" in text:
        return _newest_of_issue(db, text)
    found = queries.runs_by_prefix(db, text) if text else ()
    exact = [run for run in found if run.run_id == text]
    if len(exact or found) == 1:
        return (exact or list(found))[0]
    if not found:
        raise UsageError(f"there is no run {text!r}; `aip queue list --all` shows the runs")
    ids = ", ".join(run.run_id for run in found)
    raise UsageError(f"{text!r} is the beginning of several runs ({ids}); write more of it")


def _newest_of_issue(db: Connection, text: str) -> RunRecord:
    try:
        ref = IssueRef.parse(text)
    except ValueError as exc:
        raise UsageError(str(exc)) from exc
    ref = IssueRef(queries.recorded_name(db, ref.repository), ref.number)
    runs = queries.runs_of_issue(db, ref)
    if not runs:
        raise UsageError(f"{ref} has no run; `aip explain {ref}` says why, `aip once {ref}` makes one")
    return runs[0]
