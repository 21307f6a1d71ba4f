"""Every fault of a settings file is found, with its file, line, key, value, problem and remedy."""

from pathlib import Path

import pytest

from processor.errors import SettingsError
from processor.settings.load import load_settings

FAULTS = Path(__file__).parent.parent / "testdata" / "settings" / "faults"


@pytest.mark.parametrize("folder", sorted(FAULTS.iterdir()), ids=lambda folder: folder.name)
def test_a_fault_is_told_with_its_place_and_remedy(folder: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(folder, {})
    told = str(caught.value).replace(f"{folder}/", "")
    assert told == (folder / "expected.txt").read_text(encoding="utf-8").rstrip("\n")


def test_a_secret_is_never_repeated_in_a_fault() -> None:
    for folder in FAULTS.glob("secret_*"):
        with pytest.raises(SettingsError) as caught:
            load_settings(folder, {})
        assert "hunter2" not in str(caught.value)
        assert "ghp_" not in str(caught.value)


def test_a_folder_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "conf", {})
    assert str(caught.value).removeprefix(str(tmp_path)) == (
        "/conf: folder: cannot be read as a folder (No such file or directory); "
        "create it with `aip init`, or set AUTO_ISSUE_CONFIG_DIR to the folder of the settings files"
    )


def test_a_file_in_place_of_the_folder_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "conf").write_text("")
    with pytest.raises(SettingsError, match=r"cannot be read as a folder \(Not a directory\)"):
        load_settings(tmp_path / "conf", {})


def test_a_folder_in_place_of_a_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "quality_gate.yaml").mkdir()
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, {})
    told = str(caught.value).removeprefix(f"{tmp_path}/")
    assert told == "quality_gate.yaml: file: is not a regular file; put a YAML file in its place"


def test_a_file_that_leads_nowhere_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "quality_gate.yaml").symlink_to(tmp_path / "gone.yaml")
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, {})
    told = str(caught.value).removeprefix(f"{tmp_path}/")
    assert told == "quality_gate.yaml: file: is a link to a file that does not exist; mend the link, or remove it"


def test_a_link_to_itself_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "quality_gate.yaml").symlink_to(tmp_path / "quality_gate.yaml")
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, {})
    told = str(caught.value).removeprefix(f"{tmp_path}/")
    assert told == "quality_gate.yaml: file: cannot be read (Too many levels of symbolic links); mend the link"


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "quality_gate.yaml").write_text("# " + "x" * 1_000_000)
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, {})
    told = str(caught.value).removeprefix(f"{tmp_path}/")
    assert told == "quality_gate.yaml: file = 1000002 bytes: is larger than 1000000 bytes; keep only settings in it"
