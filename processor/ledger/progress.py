"""Write what happens inside a run: attempts, phases, checks, usage. Every write may come twice and counts once."""

from collections import Counter

from sqlalchemy import Connection, delete, func, insert, select, update

from processor.ledger import families, totals
from processor.ledger.schema import attempts, checks, phases, runs, usage
from processor.model import CheckReport, FindingState, GateReport, Phase, RunState, Usage


def start_attempt(db: Connection, run_id: str, number: int, now: float) -> None:
    """Open an attempt."""
    known = db.execute(select(attempts.c.number).where(attempts.c.run_id == run_id, attempts.c.number == number))
    if known.first() is None:
        db.execute(insert(attempts).values(run_id=run_id, number=number, started_at=now))
        db.execute(update(runs).where(runs.c.run_id == run_id).values(attempts=number))


def end_attempt(
    db: Connection,
    run_id: str,
    number: int,
    now: float,
    *,
    phase: Phase | None = None,
    error_type: str | None = None,
    error_message: str | None = None,
    retry_after_seconds: float | None = None,
    is_counted: bool = True,
) -> None:
    """Close an attempt; one that will be tried again counts as a retry, not as an outcome."""
    closed = db.execute(
        update(attempts)
        .where(attempts.c.run_id == run_id, attempts.c.number == number, attempts.c.ended_at.is_(None))
        .values(
            ended_at=now,
            error_type=error_type,
            error_message=error_message,
            retry_after_seconds=retry_after_seconds,
        )
    )
    if closed.rowcount and retry_after_seconds is not None and phase is not None and is_counted:
        totals.add(db, families.RETRIES, {"phase": phase})


def start_phase(db: Connection, run_id: str, attempt: int, phase: Phase, now: float) -> int:
    """Open a phase and return how often a crash cut it short; one that was starts again with a new time."""
    here = (phases.c.run_id == run_id, phases.c.attempt == attempt, phases.c.phase == phase)
    db.execute(update(runs).where(runs.c.run_id == run_id).values(phase=phase))
    interruptions = phases.c.interruptions + 1
    db.execute(
        update(phases).where(*here, phases.c.ended_at.is_(None)).values(started_at=now, interruptions=interruptions)
    )
    known: int | None = db.execute(select(phases.c.interruptions).where(*here)).scalar()
    if known is None:
        db.execute(insert(phases).values(run_id=run_id, attempt=attempt, phase=phase, started_at=now))
    return known or 0


def lay_down_phases(db: Connection, instance: str) -> None:
    """Forget the open phases of a service that leaves in good order: they begin anew, and no crash cut them short."""
    mine = select(runs.c.run_id).where(runs.c.executed_by == instance, runs.c.state == RunState.RUNNING)
    db.execute(delete(phases).where(phases.c.ended_at.is_(None), phases.c.run_id.in_(mine)))


def end_phase(
    db: Connection, run_id: str, phase: Phase, result: str, now: float, *, attempt: int, is_counted: bool
) -> None:
    """Close a phase with `ok`, `rejected` or an error type, and record its time once."""
    here = (phases.c.run_id == run_id, phases.c.attempt == attempt, phases.c.phase == phase)
    row = db.execute(select(phases.c.started_at).where(*here, phases.c.ended_at.is_(None))).first()
    if row is None:
        return
    db.execute(update(phases).where(*here).values(ended_at=now, result=result))
    if is_counted:
        exemplar = totals.Exemplar(run_id, now)
        totals.observe(db, families.PHASE_DURATION, {"phase": phase}, max(0.0, now - row.started_at), exemplar)


def record_usage(
    db: Connection, run_id: str, attempt: int, agent: str, spent: Usage, *, is_counted: bool, is_canary: bool = False
) -> None:
    """Record what one attempt spent, once; what the agent did not say stays unknown.

    Args:
        is_canary: its cost is counted apart from that of real work, and whatever becomes of its round.
    """
    known = db.execute(select(usage.c.agent).where(usage.c.run_id == run_id, usage.c.attempt == attempt))
    if known.first() is not None:
        return
    tokens = {
        "input": spent.input_tokens,
        "cache_read": spent.cache_read_tokens,
        "cache_write": spent.cache_write_tokens,
        "output": spent.output_tokens,
        "reasoning": spent.reasoning_tokens,
    }
    columns = {f"{direction}_tokens": count for direction, count in tokens.items()}
    db.execute(
        insert(usage).values(run_id=run_id, attempt=attempt, agent=agent, cost_dollars=spent.cost_dollars, **columns)
    )
    if is_canary and spent.cost_dollars is not None:
        totals.add(db, families.CANARY_COST, {"agent": agent}, spent.cost_dollars)
    if not is_counted:
        return
    for direction, count in tokens.items():
        if count is not None:
            totals.add(db, families.AGENT_TOKENS, {"agent": agent, "direction": direction}, count)
    if spent.cost_dollars is not None:
        totals.add(db, families.AGENT_COST, {"agent": agent}, spent.cost_dollars)


def record_gate(
    db: Connection, run_id: str, report: GateReport, report_json: str, *, built_in: frozenset[str], is_counted: bool
) -> None:
    """Keep the gate's report; a report that is there already is left as it is."""
    kept = db.execute(select(runs.c.gate_report).where(runs.c.run_id == run_id)).scalar()
    if kept is not None:
        return
    db.execute(
        update(runs)
        .where(runs.c.run_id == run_id)
        .values(gate_report=report_json, gate_passed=report.passed, gate_score=report.score)
    )
    rows = [
        {"run_id": run_id, "position": position, **_check_columns(check)}
        for position, check in enumerate(report.checks)
    ]
    if rows:
        db.execute(insert(checks), rows)
    if is_counted:
        _count_gate(db, report, built_in)


def _count_gate(db: Connection, report: GateReport, built_in: frozenset[str]) -> None:
    names = [check.name if check.name in built_in else families.CUSTOM_CHECK for check in report.checks]
    named = list(zip(names, report.checks, strict=True))
    totals.add_each(db, families.GATE_RESULTS, [({"check": name, "result": check.result}, 1) for name, check in named])
    findings = [
        ({"check": name, "finding_state": state}, count)
        for name, check in named
        for state, count in _findings(check).items()
    ]
    totals.add_each(db, families.GATE_FINDINGS, findings)
    totals.observe(db, families.GATE_SCORE, {}, report.score / 100)


def _findings(check: CheckReport) -> Counter[FindingState]:
    return Counter(finding.state for finding in check.findings)


def _check_columns(check: CheckReport) -> dict[str, object]:
    found = _findings(check)
    return {
        "name": check.name,
        "result": check.result,
        "is_required": check.is_required,
        "weight": check.weight,
        "score": check.score,
        "new_findings": found[FindingState.NEW],
        "fixed_findings": found[FindingState.FIXED],
        "flaky_findings": found[FindingState.FLAKY],
        "unchanged_findings": found[FindingState.UNCHANGED],
        "duration_seconds": check.duration_seconds,
        "summary": check.summary,
    }


def forget_gate(db: Connection, run_id: str) -> None:
    """Drop the report of a change that a new attempt replaces."""
    db.execute(delete(checks).where(checks.c.run_id == run_id))
    db.execute(update(runs).where(runs.c.run_id == run_id).values(gate_report=None, gate_passed=None, gate_score=None))


def count_failures(db: Connection, run_id: str, error_type: str) -> int:
    """Count the attempts of a run that ended with this error."""
    return db.execute(
        select(func.count())
        .select_from(attempts)
        .where(attempts.c.run_id == run_id, attempts.c.error_type == error_type)
    ).scalar_one()
