"""The load of this machine can be read, whatever folders there are."""

from pathlib import Path

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


def test_a_folder_that_is_not_there_gives_no_reading_and_no_error(tmp_path: Path) -> None:
    assert LoadReader([tmp_path / "gone"]).read().disk_ratio is None
