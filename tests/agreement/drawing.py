"""Draw what happens in a made-up ledger; all numbers are such that their sums are exact in any order."""

from hypothesis import strategies as st

from processor.errors import ErrorType
from processor.ledger.imports import Claim, ImportedRun
from processor.model import Outcome, Phase, Priority, Usage
from tests.agreement.calendar import Look, looks, moments
from tests.agreement.happenings import REPOSITORIES, Adoption, Alert, Attempt, Import, MadeUpRun, Visit, World

_AGENTS = ("claude", "tidy")
_FAILED = (Outcome.ERROR, Outcome.TIMEOUT)
_MAY_BE_CUT = (*_FAILED, Outcome.CANCELLED)
_SELDOM = st.sampled_from((False, False, False, True))
#: Above all the limits of the bands, then their neighbours, nothing at all, more than a day, and anything else.
_LENGTHS = st.one_of(
    *[st.sampled_from((60.0, 300.0))] * 3,
    st.sampled_from((0.0, 59.875, 60.125, 299.875, 300.125, 90_000.0)),
    st.integers(1, 40_000).map(lambda eighths: eighths / 8),
)
#: More than are shown by name.
_ALERTS = ("Watchdog", *(f"Aip{letter}" for letter in "ABCDEFGHIJKLM"))
_TOKENS = st.none() | st.integers(0, 100_000)


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    """Draw what an agent said it spent; 1/1024 dollars make exact sums."""
    dollars = st.integers(0, 4096).map(lambda parts: parts / 1024)
    cost = draw(st.one_of(dollars, dollars, st.none()))
    parts = ("input", "cache_read", "cache_write", "output", "reasoning")
    return Usage(**{f"{part}_tokens": draw(_TOKENS) for part in parts}, cost_dollars=cost)


@st.composite
def runs_of(draw: st.DrawFn, look: Look) -> MadeUpRun:
    """Draw a run that ends before the look, or waits then."""
    outcome = draw(st.sampled_from((*Outcome, *Outcome, None)))
    last = {Outcome.SUCCESS: 4, Outcome.REJECTED: 3}.get(outcome) if outcome else None
    reached = [draw(st.integers(1, 4)) for _ in range(draw(st.sampled_from((0, 0, 0, 0, 1, 2))))]
    reached += [last or draw(st.integers(1, 4))] if last or reached or draw(st.booleans()) else []
    spent = st.one_of(usages(), usages(), st.none())
    attempts = tuple(Attempt(tuple(Phase)[:count], draw(_LENGTHS), draw(spent), draw(_SELDOM)) for count in reached)
    return MadeUpRun(
        repository=draw(st.sampled_from(REPOSITORIES)),
        priority=draw(st.sampled_from(Priority)),
        agent=draw(st.sampled_from(_AGENTS)),
        mark=draw(st.sampled_from(("real", "real", "real", "forced", "dry", "canary"))),
        ended_at=draw(moments(look)),
        waited=draw(_LENGTHS),
        attempts=attempts,
        clock_ahead=draw(st.sampled_from((0.0, 0.0, 0.0, 0.0, 0.25, 400.0))),
        outcome=outcome,
        error_type=draw(st.sampled_from(ErrorType)) if outcome in _FAILED else None,
        is_cut_short=outcome is None or (outcome in _MAY_BE_CUT and draw(_SELDOM)),
        visits=tuple(draw(st.lists(visits(look), max_size=3))) if outcome is Outcome.SUCCESS else (),
    )


@st.composite
def visits(draw: st.DrawFn, look: Look) -> Visit:
    """Draw what became of a pull request."""
    found = draw(st.sampled_from(("merged", "closed", "open")))
    return Visit(draw(moments(look)) // 1, draw(st.sampled_from((0.0, 0.5, 900.0))), found)


@st.composite
def alerts(draw: st.DrawFn, look: Look) -> Alert:
    """Draw an alert, with a severity of our rules or of others."""
    return Alert(
        name=draw(st.sampled_from(_ALERTS)),
        severity=draw(st.sampled_from(("critical", "high", "medium", "low", "", "page"))),
        began_at=draw(moments(look)),
        told_after=draw(st.sampled_from((0.0, 30.0))),
        lasted=draw(st.none() | _LENGTHS),
    )


@st.composite
def floods(draw: st.DrawFn, look: Look) -> list[Alert]:
    """Draw so many alerts of one moment that not all are shown by name, and some others."""
    began_at = draw(moments(look))
    return [*(Alert(name, "low", began_at, 0.0, None) for name in _ALERTS), *draw(st.lists(alerts(look), max_size=3))]


@st.composite
def imports(draw: st.DrawFn, look: Look) -> Import:
    """Draw an import."""
    at = draw(moments(look))
    claims = draw(st.lists(st.tuples(st.sampled_from((Claim.ERROR, *Claim)), _LENGTHS), min_size=1, max_size=3))
    found = tuple(
        ImportedRun(
            identity=str(number), source="log", place="old.log:1", repository="octo/old", issue=number, claimed=claim,
            started_at=at - 9e6 - seconds, finished_at=at - 9e6, seconds=seconds,
        )
        for number, (claim, seconds) in enumerate(claims)
    )  # fmt: skip
    return Import(at, found, is_counted=draw(st.booleans()))


@st.composite
def adoptions(draw: st.DrawFn, look: Look) -> Adoption:
    """Draw a pull request that was found by a restored ledger; GitHub tells whole seconds."""
    at = draw(moments(look))
    opened_at = min(at, draw(moments(look))) // 1
    return Adoption(at, opened_at, draw(st.sampled_from(("open", "merged", "closed"))))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a ledger and a look at it."""
    look = draw(looks())
    return World(
        look,
        made_at=draw(moments(look)),
        runs=tuple(draw(st.lists(runs_of(look), max_size=6) | st.lists(runs_of(look), min_size=6, max_size=16))),
        alerts=tuple(draw(st.lists(alerts(look), max_size=5) | floods(look))),
        imported=draw(st.one_of(st.none(), st.none(), imports(look))),
        adopted=tuple(draw(st.one_of(st.just([]), st.just([]), st.lists(adoptions(look), max_size=2)))),
    )
