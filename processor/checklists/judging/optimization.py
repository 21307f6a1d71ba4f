"""Judge the weekly list's items about settings. Pure."""

from processor.checklists.readings.upkeep import InForce
from processor.checklists.readings.work import Gate, Work, of_outcome
from processor.checklists.verdict import See, Verdict, because, count, judged, percent, seconds, text
from processor.model import Outcome
from processor.settings.sections import ChecklistLimits


def parallelism(found: tuple[Work, InForce], limits: ChecklistLimits) -> Verdict:
    """Do issues wait because too few run at once?"""
    week, in_force = found
    mean, longest = week.queue_wait
    return judged(
        count("max_parallel", in_force.max_parallel),
        seconds("mean_wait", mean, limits.oldest_issue_seconds),
        seconds("longest_wait", longest),
        count("waiting", sum(one.issues for one in week.waiting)),
        *(count("parallel_now", number, of=f"{host}, {level}") for host, level, number in in_force.hosts),
    )


def gate_criteria(found: tuple[Gate, InForce], limits: ChecklistLimits) -> Verdict:
    """Is the gate too strict, too lax, or relaxed for a while?"""
    gate, in_force = found
    relaxed = [key for key in in_force.overrides if key.startswith("gate.")]
    return judged(
        percent("rejected", gate.rejected / gate.processed if gate.processed else None, limits.rejected_ratio),
        count("mean_score", None if gate.mean_score is None else round(gate.mean_score, 1)),
        count("minimum_score", in_force.minimum_score),
        count("security_threshold", in_force.security_threshold),
        count("changed_for_a_while", len(relaxed), 0),
        see=[See(text=key) for key in relaxed],
    )


def time_limits(found: tuple[Work, InForce], limits: ChecklistLimits) -> Verdict:
    """Do runs come near to their limit, or pass it?"""
    week, in_force = found
    longest = week.summary.longest_seconds
    used = None if longest is None else longest / in_force.timeout_seconds
    return judged(
        seconds("time_limit", in_force.timeout_seconds),
        seconds("longest_run", longest),
        percent("time_limit_used", used, limits.timeout_used_ratio),
        count("timeouts", of_outcome(week.summary, Outcome.TIMEOUT), 0),
    )


def cache(found: InForce, _limits: ChecklistLimits) -> Verdict:
    """Is what checks said of a base commit remembered?"""
    return judged(
        text("use_cache", "true" if found.use_cache else "false"),
        count("remembered_findings", found.remembered_findings),
        attention=not found.use_cache,
        reasons=[] if found.use_cache else [because("no_cache")],
    )
