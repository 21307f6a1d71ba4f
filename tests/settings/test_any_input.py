"""Whatever the files hold, loading ends in settings or in faults, never in another exception."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from processor.errors import Fault, SettingsError
from processor.settings.cautions import warnings
from processor.settings.load import ENVIRONMENTS_FILE, FILES, load
from processor.settings.sections import MainFile

WORDS = [*MainFile.model_fields, "name", "kind", "argv", "recipe", "command", "checks", "octo/hello", "network", "off"]
KEYS = st.sampled_from([*WORDS, "two\nlines"]) | st.integers()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
TEXT = st.text(alphabet="ab:-[]{}'\"#&*!|>%@\\\n \t0~é\x07\ud800", max_size=40)


def _faults(texts: Mapping[str, bytes]) -> tuple[Fault, ...]:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / name).write_bytes(text)
        try:
            return warnings(load(Path(folder), {}))
        except SettingsError as error:
            return error.faults


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys((*FILES, ENVIRONMENTS_FILE), VALUES)))
def test_any_values_are_taken_or_refused(values: Mapping[str, object]) -> None:
    faults = _faults({name: yaml.safe_dump(value).encode() for name, value in values.items()})
    assert [str(fault) for fault in faults if not fault.remedy or "\n" in str(fault)] == []


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_any_text_is_taken_or_refused(text: str) -> None:
    faults = _faults({"auto_issue_processor.yaml": text.encode("utf-8", "surrogatepass")})
    assert [str(fault) for fault in faults if not fault.remedy or "\n" in str(fault)] == []
