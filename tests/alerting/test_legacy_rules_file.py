"""Every fault of an old rules file is found, with its line and column."""

from pathlib import Path

import pytest

from processor.alerting.legacy_rules.names import NAMES
from processor.alerting.legacy_rules.rules_file import read_rules
from processor.errors import SettingsError

FAULTS = Path(__file__).parent.parent / "testdata" / "alert_rules"


@pytest.mark.parametrize("folder", sorted(FAULTS.iterdir()), ids=lambda folder: folder.name)
def test_a_fault_is_told_with_line_column_and_remedy(folder):
    with pytest.raises(SettingsError) as caught:
        read_rules(folder / "alert_rules.yaml", NAMES)
    told = str(caught.value).replace(f"{folder}/", "")
    assert told == (folder / "expected.txt").read_text(encoding="utf-8").rstrip("\n")


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    with pytest.raises(SettingsError, match=r"rules\.yaml: file: cannot be read \(No such file or directory\)"):
        read_rules(tmp_path / "rules.yaml", NAMES)


def test_a_file_larger_than_any_rules_is_not_read(tmp_path):
    file = tmp_path / "rules.yaml"
    file.write_text("#" * 1_000_001)
    with pytest.raises(SettingsError, match="is larger than 1000000 bytes"):
        read_rules(file, NAMES)


@pytest.mark.parametrize(
    ("style", "place"),
    [
        ("error_rate > 1 & 2", "3:31"),
        ("'error_rate > 1 & 2'", "3:32"),
        ('"error_rate > 1 & 2"', "3:32"),
        ("|\n      error_rate\n      > 1 & 2", "5:11"),
        (">-\n      error_rate\n      > 1 & 2", "5:11"),
        ("error_rate\n      > 1 & 2", "4:11"),
        ('"error_rate\\\n      > 1 & 2"', "4:11"),
        ("&anchor error_rate > 1 & 2", "3:39"),
    ],
)
def test_the_place_is_right_in_every_style_of_yaml(tmp_path, style, place):
    file = tmp_path / "rules.yaml"
    rest = "    severity: low\n    message: m\n    channels: [slack]\n"
    file.write_text(f"rules:\n  - name: a\n    condition: {style}\n{rest}")
    with pytest.raises(SettingsError) as caught:
        read_rules(file, NAMES)
    assert str(caught.value).startswith(f"{file}:{place}: rules[0].condition: '&' means nothing here")
