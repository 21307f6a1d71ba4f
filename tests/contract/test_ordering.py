"""Several workers run every test once, and begin with those that take long."""

import pytest

from tests.ordering import dealt

FILES = [
    *["tests/acceptance/test_crashes.py"] * 3,
    *["tests/acceptance/test_faults.py"] * 2,
    *["tests/cli/test_help.py"] * 4,
    *["tests/grafana/test_month.py", "tests/grafana/test_month_reports.py"],
    *["tests/gate/test_patch.py"] * 5,
]


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 30])
def test_every_test_is_dealt_once(workers: int) -> None:
    assert sorted(dealt(FILES, workers)) == list(range(len(FILES)))
    assert dealt([], workers) == []


def test_each_worker_begins_with_its_share_of_the_long_ones() -> None:
    order = [FILES[index] for index in dealt(FILES, 2)]
    assert order[:3] == ["tests/acceptance/test_crashes.py"] * 3
    assert order[len(FILES) // 2 :][:4] == [
        *["tests/acceptance/test_faults.py"] * 2,
        *["tests/grafana/test_month.py", "tests/grafana/test_month_reports.py"],
    ]


def test_the_order_in_a_file_stays() -> None:
    order = dealt(FILES, 3)
    assert [index for index in order if index < 3] == [0, 1, 2]
