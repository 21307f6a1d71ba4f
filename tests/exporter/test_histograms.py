"""Histograms from the ledger are those that the client library would have shown."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram
from sqlalchemy import Engine, create_engine

from exporter.collectors.runs import FAMILIES
from exporter.totals import OTHER, Domains, counter, histogram
from processor.ledger import totals as writing
from processor.ledger.queries import Total, families, totals_of
from processor.ledger.schema import metadata

BY_NAME = {family.name: family for family in FAMILIES}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = create_engine("sqlite://")
    metadata.create_all(made)
    yield made
    made.dispose()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    family=st.sampled_from(sorted(families.BUCKETS)),
    values=st.lists(st.floats(min_value=0, max_value=1e7, allow_nan=False), max_size=20),
    edges=st.lists(st.integers(min_value=0, max_value=8), max_size=8),
)
def test_buckets_counts_and_sums_are_the_librarys(engine, family, values, edges):
    bounds = families.BUCKETS[family]
    values = [*values, *(bounds[edge % len(bounds)] for edge in edges)]
    library = Histogram("expected", "help", buckets=bounds, registry=CollectorRegistry())
    with engine.connect() as db:
        for value in values:
            library.observe(value)
            writing.observe(db, family, {}, value)
        stored = totals_of(db, family)
        db.rollback()
    unlabelled = BY_NAME[family].__class__(**{**BY_NAME[family].__dict__, "labels": ()})
    shown = histogram(unlabelled, bounds, stored, Domains(), None)
    expected = {
        (sample.name.removeprefix("expected"), sample.labels.get("le")): sample.value
        for metric in library.collect()
        for sample in metric.samples
        if not sample.name.endswith("_created")
    }
    found = {(one.name.removeprefix(family), one.labels.get("le")): one.value for one in shown.samples}
    assert found == pytest.approx(expected)
    assert found.keys() == expected.keys()


def test_an_edge_of_an_older_program_counts_in_the_next_larger_bucket():
    stored = [
        Total({"outcome": "success"}, "le:100", 3, "run-1", 97.0, 1.0),
        Total({"outcome": "success"}, "sum", 280, None, None, None),
    ]
    family = BY_NAME[families.RUN_DURATION]
    shown = histogram(family, families.BUCKETS[family.name], stored, Domains({"outcome": ["success"]}), None)
    counts = {sample.labels["le"]: sample.value for sample in shown.samples if sample.name.endswith("_bucket")}
    assert (counts["90.0"], counts["120.0"], counts["+Inf"]) == (0, 3, 3)


def test_what_another_program_wrote_counts_as_other_and_is_not_lost():
    family = BY_NAME[families.ERRORS]
    domains = Domains({"phase": ["agent"], "error_type": ["agent_exit"]})
    stored = [
        Total({"phase": "agent", "error_type": "agent_exit"}, "", 2, None, None, None),
        Total({"phase": "agent", "error_type": "of_the_future"}, "", 3, None, None, None),
        Total({"phase": "agent", "error_type": "of_the_past"}, "", 4, None, None, None),
    ]
    shown = counter(family, stored, domains, None)
    assert {sample.labels["error_type"]: sample.value for sample in shown.samples} == {"agent_exit": 2, OTHER: 7}
