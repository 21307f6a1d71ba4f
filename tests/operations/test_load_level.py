"""The level of load follows the host: it never flaps, and is never stuck."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processor.operations.load_level import LoadReading, LoadState, next_state
from processor.settings.sections import Automatic, LoadLimits

RULES = Automatic()
STAY = RULES.minimum_stay_seconds
ORDER = ("low", "medium", "high")
QUIET = LoadReading(cpu_ratio=0.1, memory_ratio=0.2, load_per_core=0.1, disk_ratio=0.3)
BUSY = LoadReading(cpu_ratio=0.75, memory_ratio=0.2, load_per_core=0.1, disk_ratio=0.3)
FULL = LoadReading(cpu_ratio=0.2, memory_ratio=0.97, load_per_core=0.1, disk_ratio=0.3)

# The machine that runs the tests may be busy.
patient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ratios = st.one_of(st.none(), st.floats(0, 1))
readings = st.builds(
    LoadReading, cpu_ratio=ratios, memory_ratio=ratios, load_per_core=st.one_of(st.none(), st.floats(0, 64)),
    disk_ratio=ratios,
)  # fmt: skip
rules = st.builds(
    lambda limits, above, hysteresis, stay: Automatic(
        medium=LoadLimits(**limits),
        high=LoadLimits(**{name: value + (1 - value) * above for name, value in limits.items()}),
        hysteresis_ratio=hysteresis,
        minimum_stay_seconds=stay,
    ),
    st.fixed_dictionaries({name: st.floats(0.05, 0.95) for name in LoadLimits.model_fields}),
    st.floats(0, 1),
    st.floats(0, 0.9),
    st.floats(0, 600),
)
steps = st.lists(st.tuples(st.floats(0, 400), readings), min_size=1, max_size=40)


def follow(moments: list[tuple[float, LoadReading]], by: Automatic) -> list[tuple[float, LoadState]]:
    """Run through readings, each so many seconds after the one before."""
    now, state, seen = 0.0, None, []
    for seconds, reading in moments:
        now += seconds
        state = next_state(state, reading, by, now)
        seen.append((now, state))
    return seen


@patient
@given(steps, rules)
def test_it_never_flaps(moments: list[tuple[float, LoadReading]], by: Automatic) -> None:
    changes = [state.since for _, state in follow(moments, by)]
    assert all(later == earlier or later - earlier >= by.minimum_stay_seconds for earlier, later in pairwise(changes))


@patient
@given(steps, readings, rules)
def test_it_is_never_stuck(moments: list[tuple[float, LoadReading]], last: LoadReading, by: Automatic) -> None:
    before = follow(moments, by)
    stay = by.minimum_stay_seconds
    after = follow([*moments, *[(stay + 1, last)] * 2], by)
    if last.is_blind:
        assert after[-1][1].level == before[-1][1].level
        return
    fresh_up = next_state(None, last, by, 0.0).level
    fresh_down = next_state(None, last, by.model_copy(update=lowered(by)), 0.0).level
    level = after[-1][1].level
    # One stay later it is where the reading alone would bring it, or between the two edges of the hysteresis.
    assert ORDER.index(fresh_up) <= ORDER.index(level) <= ORDER.index(fresh_down)


def lowered(by: Automatic) -> dict[str, LoadLimits]:
    share = 1 - by.hysteresis_ratio
    return {
        name: LoadLimits.model_construct(**{key: value * share for key, value in getattr(by, name)})
        for name in ("medium", "high")
    }


@patient
@given(readings, readings, rules)
def test_more_load_never_means_a_lower_level(first: LoadReading, second: LoadReading, by: Automatic) -> None:
    both = [(getattr(first, name), getattr(second, name)) for name in first.__dict__]
    if any(one is None or two is None for one, two in both):
        return
    more = LoadReading(**{name: max(getattr(first, name), getattr(second, name)) for name in first.__dict__})
    levels = [ORDER.index(next_state(None, one, by, 0.0).level) for one in (first, more)]
    assert levels == sorted(levels)


@patient
@given(readings, rules, st.floats(-1000, -1))
def test_a_clock_that_goes_back_changes_nothing(reading: LoadReading, by: Automatic, back: float) -> None:
    state = LoadState("medium", 0.0, "x")
    assert next_state(state, reading, by, back) == LoadState("medium", back, "x")


def test_the_reading_that_decided_is_named() -> None:
    assert next_state(None, BUSY, RULES, 0.0) == LoadState("medium", 0.0, "CPU 0.75 (limit 0.7)")
    assert next_state(None, FULL, RULES, 0.0) == LoadState("high", 0.0, "memory 0.97 (limit 0.9)")
    assert next_state(None, QUIET, RULES, 0.0).level == "low"


def test_a_level_is_left_only_when_the_load_is_clearly_below_its_limit() -> None:
    medium = next_state(None, BUSY, RULES, 0.0)
    just_below = LoadReading(cpu_ratio=0.69, memory_ratio=0.2, load_per_core=0.1, disk_ratio=0.3)
    assert next_state(medium, just_below, RULES, 10 * STAY).level == "medium"
    assert next_state(medium, QUIET, RULES, STAY - 1).level == "medium"
    assert next_state(medium, QUIET, RULES, STAY).level == "low"


def test_what_keeps_a_host_at_its_level_is_said_as_it_is_now() -> None:
    medium = LoadState("medium", 0.0, "CPU 0.75 (limit 0.7)")
    below = LoadReading(cpu_ratio=0.65, memory_ratio=0.2, load_per_core=0.1, disk_ratio=0.3)
    waits = f"stays for {STAY:g} s, then"
    said = {
        reading: next_state(medium, reading, RULES, now).reason
        for reading, now in ((LoadReading(memory_ratio=0.8), STAY), (below, STAY), (QUIET, STAY - 1), (FULL, STAY - 1))
    }
    assert list(said.values()) == [
        "memory 0.80 (limit 0.8)",
        "CPU 0.65 (limit 0.7, left below 0.63)",
        f"{waits} low: every reading is below the limits of medium",
        f"{waits} high: memory 0.97 (limit 0.9)",
    ]


def test_a_wide_hysteresis_lets_nobody_rise() -> None:
    # 0.3 is far below every limit, and above what high is left at.
    by = RULES.model_copy(update={"hysteresis_ratio": 0.9})
    medium = LoadState("medium", 0.0, "CPU 0.75 (limit 0.7)")
    kept = next_state(medium, LoadReading(cpu_ratio=0.3), by, 10 * STAY)
    assert kept == LoadState("medium", 0.0, "CPU 0.30 (limit 0.7, left below 0.07)")


@patient
@given(steps, rules)
def test_a_host_goes_up_only_to_a_limit_that_is_reached(
    moments: list[tuple[float, LoadReading]], by: Automatic
) -> None:
    seen = follow(moments, by)
    for (_, before), (_, after), (_, reading) in zip(seen, seen[1:], moments[1:], strict=False):
        if ORDER.index(after.level) > ORDER.index(before.level):
            assert after.level == next_state(None, reading, by, 0.0).level


def test_without_a_reading_it_stays_and_begins_low() -> None:
    assert next_state(None, LoadReading(), RULES, 0.0) == LoadState("low", 0.0, "the load could not be read")
    high = LoadState("high", 0.0, "x")
    assert next_state(high, LoadReading(), RULES, 10 * STAY) == high
