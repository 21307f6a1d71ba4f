"""Judge the daily list's items of quality. Pure."""

from processor.checklists.readings.work import Gate, PullRequests
from processor.checklists.verdict import See, Verdict, asks_a_person, because, count, judged, percent, seconds, unknown
from processor.model import CheckResult, CiState
from processor.settings.sections import ChecklistLimits


def pull_request_quality(found: PullRequests, _limits: ChecklistLimits) -> Verdict:
    """Are the pull requests of the day before any good? Only a person can tell."""
    failing = [one for one in found.opened if one.ci_state == CiState.FAILURE]
    evidence = (
        count("opened", len(found.opened)),
        count("failing_ci", len(failing), 0),
        count("mean_score", None if found.mean_score is None else round(found.mean_score, 1)),
        count("merged", found.ended.get("merged", 0)),
        count("closed_unmerged", found.ended.get("closed", 0)),
    )
    if not found.opened:
        return judged(*evidence)
    see = [
        See(text=f"{one.repository}#{one.number}{' (CI: failure)' if one in failing else ''}", url=one.url)
        for one in found.opened
    ]
    return asks_a_person(*evidence, see=see)


def failed_tests(gate: Gate, limits: ChecklistLimits, of_our_own: frozenset[str]) -> Verdict:
    """How many checks of the operator's own, such as tests, failed the day before?"""
    results: dict[str, dict[str, int]] = {}
    for (name, result), number in gate.checks.items():
        if name in of_our_own:
            results.setdefault(name, {})[result] = number
    if not of_our_own:
        return unknown(reasons=[because("no_tests")])
    failed = sum(one.get(CheckResult.FAILED, 0) for one in results.values())
    ran = failed + sum(one.get(CheckResult.PASSED, 0) for one in results.values())
    unavailable = sum(one.get(CheckResult.UNAVAILABLE, 0) for one in results.values())
    return judged(
        percent("failed_tests", failed / ran if ran else None, limits.tests_failed_ratio),
        count("checks_run", ran),
        count("checks_unavailable", unavailable, 0),
        *(count("failed_of_check", one.get(CheckResult.FAILED, 0), of=name) for name, one in sorted(results.items())),
    )


def review_backlog(found: PullRequests, limits: ChecklistLimits) -> Verdict:
    """How many pull requests wait for a review, and for how long?"""
    oldest = found.now - found.waiting[0].created_at if found.waiting else 0.0
    see = [See(text=f"{one.repository}#{one.number}", url=one.url) for one in found.waiting[:10]]
    return judged(
        count("waiting_reviews", len(found.waiting), limits.waiting_reviews),
        seconds("oldest_review_waits", oldest),
        see=see,
    )


def gate_failures(gate: Gate, limits: ChecklistLimits) -> Verdict:
    """Which issues did the gate reject the day before?"""
    see = [See(text=f"{one.repository}#{one.issue} ({one.run_id})") for one in gate.rejected_runs]
    share = gate.rejected / gate.processed if gate.processed else None
    return judged(
        count("rejected_runs", gate.rejected),
        percent("rejected", share, limits.rejected_ratio),
        count("processed", gate.processed),
        see=see,
    )
