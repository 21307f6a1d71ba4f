"""The sources of what is installed are read as a repository would hold them."""

from pathlib import Path

import pytest

from processor.demo.sources import read_code_base
from processor.errors import UsageError


def install(site: Path, name: str, files: dict[str, bytes], metadata: str = "") -> None:
    """Put a distribution into a folder, as pip does."""
    about = f"{name}-1.2.dist-info"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n"
    everything = {**files, f"{about}/METADATA": (head + metadata).encode()}
    for path, content in everything.items():
        place = site / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    record = "".join(f"{path},,\n" for path in [*everything, f"{about}/RECORD"])
    (site / about / "RECORD").write_text(record, encoding="utf-8")


def test_only_text_is_taken_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "samplepkg/__init__.py": b"x = 1\r\n",
        "samplepkg/types.pyi": b"x: int\n",
        "samplepkg/fast.cpython-311-x86_64-linux-gnu.so": b"\x7fELF",
        "samplepkg/__pycache__/x.py": b"x = 1\n",
        "samplepkg/latin.py": b"x = '\xe9'\n",
        "samplepkg/huge.py": b"#" * 1_000_001,
        "sample-1.2.dist-info/licenses/LICENSE": b"Do as you like.\n",
        "../../bin/sample.py": b"x = 1\n",
    }
    about = "Requires-Python: >=3.9\nDescription-Content-Type: text/markdown\n\n# Sample\n"
    install(tmp_path / "lib/site", "sample", files, about)
    monkeypatch.syspath_prepend(tmp_path / "lib/site")

    code_base = read_code_base("sample")

    assert code_base.files == {
        "samplepkg/__init__.py": "x = 1\r\n",
        "samplepkg/types.pyi": "x: int\n",
        "LICENSE": "Do as you like.\n",
        "README.md": "# Sample\n",
    }
    assert (code_base.name, code_base.version, code_base.oldest_python) == ("sample", "1.2", 9)
    assert code_base.python_files == ("samplepkg/__init__.py", "samplepkg/types.pyi")


@pytest.mark.parametrize("name", ["PyYAML", "pyyaml", "yaml"])
def test_a_distribution_is_found_by_its_own_name_and_by_what_is_imported(name: str) -> None:
    code_base = read_code_base(name)

    assert code_base.name == "PyYAML"
    assert "yaml/reader.py" in code_base.files


def test_a_package_of_the_standard_library_is_read_too() -> None:
    code_base = read_code_base("json")

    assert "json/decoder.py" in code_base.files
    assert code_base.version == ""


def test_an_editable_distribution_is_read_from_where_it_lies() -> None:
    assert "processor/demo/sources.py" in read_code_base("auto-issue-processor-a2a").files


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "no_such_package",
            "no_such_package is not installed here; install it with pip, or choose one that `pip list` shows",
        ),
        ("sys", "sys is installed without Python sources; choose another package, such as PyYAML"),
        ("../etc", "'../etc' is no name of a package; write it as `pip list` shows it, such as PyYAML"),
        ("", "'' is no name of a package; write it as `pip list` shows it, such as PyYAML"),
    ],
)
def test_a_name_that_leads_nowhere_is_explained(name: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_code_base(name)

    assert str(caught.value) == message
