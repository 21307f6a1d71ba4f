"""Priority comes from labels first, then from whole words of the title, else it is medium."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.intake.priority import priority_of
from processor.model import Priority
from processor.settings.sections import Intake

INTAKE = Intake()
ALL_LABELS = [label for labels in INTAKE.labels_by_priority.values() for label in labels]
ALL_WORDS = [word for words in INTAKE.title_words_by_priority.values() for word in words]


@pytest.mark.parametrize(
    ("label", "priority"),
    [
        *[(label, Priority.CRITICAL) for label in ("critical", "urgent", "p0", "priority:critical")],
        *[(label, Priority.HIGH) for label in ("high", "important", "p1", "priority:high")],
        *[(label, Priority.MEDIUM) for label in ("medium", "moderate", "p2")],
        *[(label, Priority.LOW) for label in ("low", "minor", "p3")],
        ("P0", Priority.CRITICAL),
        ("Priority:High", Priority.HIGH),
        ("critical-path", Priority.MEDIUM),
        ("not urgent", Priority.MEDIUM),
        ("slow", Priority.MEDIUM),
    ],
)
def test_a_label_counts_whole_and_in_any_case(label: str, priority: Priority) -> None:
    assert priority_of("A title", ["auto-processable", label], INTAKE) is priority


def test_the_highest_label_wins_whatever_the_order() -> None:
    assert priority_of("A title", ["low", "P1", "medium"], INTAKE) is Priority.HIGH
    assert priority_of("A title", ["medium", "P1", "low"], INTAKE) is Priority.HIGH


def test_a_label_wins_over_the_title() -> None:
    assert priority_of("URGENT: critical emergency", ["low"], INTAKE) is Priority.LOW


@pytest.mark.parametrize(
    ("title", "priority"),
    [
        ("Urgent: site is down", Priority.CRITICAL),
        ("EMERGENCY!", Priority.CRITICAL),
        ("An important matter", Priority.HIGH),
        ("High priority: login", Priority.HIGH),
        ("high-priority login", Priority.HIGH),
        ("[bug] important", Priority.HIGH),
        ("Fix the login", Priority.MEDIUM),
        ("Wrong prefix", Priority.MEDIUM),
        ("unimportant detail", Priority.MEDIUM),
        ("Highly: a priority", Priority.MEDIUM),
        ("criticality index", Priority.MEDIUM),
        ("緊急ではない", Priority.MEDIUM),
        ("", Priority.MEDIUM),
        ("$(touch x); `rm -rf /` \\ \0", Priority.MEDIUM),
    ],
)
def test_title_words_count_whole(title: str, priority: Priority) -> None:
    assert priority_of(title, [], INTAKE) is priority


def test_a_prefix_is_no_fix() -> None:
    only_fix = Intake(title_words_by_priority={Priority.LOW: ("fix",)})
    assert priority_of("Wrong prefix, fixture and suffix", [], only_fix) is Priority.MEDIUM
    assert priority_of("Wrong prefix: fix", [], only_fix) is Priority.LOW


def test_the_settings_decide() -> None:
    ours = Intake(
        labels_by_priority={Priority.LOW: ("Später",)}, title_words_by_priority={Priority.CRITICAL: ("障害 発生",)}
    )
    assert priority_of("x", ["SPÄTER"], ours) is Priority.LOW
    assert priority_of("障害 発生 中", [], ours) is Priority.CRITICAL
    assert priority_of("critical", ["critical"], ours) is Priority.MEDIUM


@given(
    title=st.text(max_size=40),
    labels=st.lists(st.sampled_from([*ALL_LABELS, "bug", "x"]), max_size=5),
    at=st.integers(),
)
def test_it_always_decides_and_never_by_the_order_of_labels(title: str, labels: list[str], at: int) -> None:
    turned = labels[at % (len(labels) or 1) :] + labels[: at % (len(labels) or 1)]
    assert priority_of(title, labels, INTAKE) is priority_of(title, turned, INTAKE)


@given(labels=st.lists(st.sampled_from(ALL_LABELS), max_size=4), more=st.sampled_from(ALL_LABELS))
def test_another_label_never_lowers_a_priority_that_labels_gave(labels: list[str], more: str) -> None:
    if labels:
        assert priority_of("x", [*labels, more], INTAKE).rank <= priority_of("x", labels, INTAKE).rank


@given(word=st.sampled_from(ALL_WORDS), before=st.text("abcxyz", min_size=1), after=st.text("abcxyz", min_size=1))
def test_a_word_inside_a_word_means_nothing(word: str, before: str, after: str) -> None:
    assert priority_of(f"{before}{word}{after}", [], INTAKE) is Priority.MEDIUM
