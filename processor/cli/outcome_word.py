"""Where a run stands, in a word or two. Pure."""

from processor.ledger.records import RunRecord


def outcome_word(run: RunRecord) -> str:
    """Say in a word or two where a run stands."""
    if run.outcome is not None:
        return str(run.outcome)
    if run.cancel_requested_at is not None:
        return "cancelling"
    return str(run.phase or run.state) if run.released_at is not None else str(run.state)
