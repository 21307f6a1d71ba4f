"""The load of this machine can be read, whatever folders there are."""

import time
from pathlib import Path

import psutil

from processor.operations.load_reading import LoadReader


def test_every_reading_is_a_share_of_what_there_is(tmp_path: Path) -> None:
    reader = LoadReader([tmp_path, tmp_path / "not made yet"])
    sum(number * number for number in range(400_000))  # some ticks of the processors' clocks
    reading = reader.read()
    for share in (reading.memory_ratio, reading.disk_ratio):
        assert share is not None
        assert 0 < share <= 1
    assert reading.cpu_ratio is None or 0 <= reading.cpu_ratio <= 1
    assert reading.load_per_core is not None
    assert reading.load_per_core >= 0


def test_the_first_moments_say_nothing_of_the_processors(tmp_path: Path) -> None:
    now = 0.0
    reader = LoadReader([tmp_path], shortest_seconds=30, steady=lambda: now)
    ticks, deadline = sum(psutil.cpu_times()), time.monotonic() + 60
    while sum(psutil.cpu_times()) == ticks and time.monotonic() < deadline:
        pass  # the processors' clocks tick a hundred times a second
    now = 29.0
    assert reader.read().cpu_ratio is None
    now = 30.0
    assert reader.read().cpu_ratio is not None


def test_a_folder_that_is_not_there_gives_no_reading_and_no_error(tmp_path: Path) -> None:
    assert LoadReader([tmp_path / "gone"]).read().disk_ratio is None
