"""An override holds from when it is set until its end, and not a moment longer, whatever else is changed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processor.ledger.overrides import Override
from processor.operations.overlay import announced_from, in_force, overlay
from processor.settings.load import Loaded, load

KEYS = ("gate.minimum_score", "gate.security_threshold", "main.max_parallel")
FILES = (70.0, 5.0, 3)
# The machine that runs the tests may be busy.
patient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
times = st.floats(0, 10_000)
overrides = st.lists(
    st.builds(
        lambda key, value, set_at, seconds: Override(
            key=key, value=value, set_at=set_at, set_by="ada", reason="x", expires_at=set_at + seconds
        ),
        st.sampled_from(KEYS), st.integers(1, 10), times, st.floats(1, 10_000),
    ),
    max_size=3,
    unique_by=lambda one: one.key,
)  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder: Path = tmp_path_factory.mktemp("configs")
    return load(folder, {})


@patient
@given(overrides, times)
def test_a_value_is_that_of_the_files_from_the_end_on(base: Loaded, given_ones: list[Override], now: float) -> None:
    gate, main = (found := overlay(base, in_force(given_ones, now)).loaded.settings).gate, found.main
    wanted = {
        **dict(zip(KEYS, FILES, strict=True)),
        **{one.key: one.value for one in given_ones if now < one.expires_at},
    }
    assert (gate.minimum_score, gate.security_threshold, main.max_parallel) == tuple(wanted[key] for key in KEYS)


@patient
@given(overrides, st.floats(1, 10_000))
def test_the_end_is_announced_before_it_comes_and_not_at_once(given_ones: list[Override], lead: float) -> None:
    for one in given_ones:
        announced = announced_from(one, lead)
        assert one.set_at < announced < one.expires_at
        assert one.expires_at - announced <= lead + 1e-6
