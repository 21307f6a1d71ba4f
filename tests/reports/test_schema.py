"""The published JSON Schemas describe the reports, and are those of the code."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "testdata" / "reports"


def _schema(kind: str) -> dict[str, Any]:
    text = (ROOT / "docs" / "schemas" / f"{kind}-report.schema.json").read_text(encoding="utf-8")
    # The library knows drafts up to 7, which read all that we use alike.
    return json.loads(
        text.replace("https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema")
    )


@pytest.mark.parametrize("path", sorted(GOLDEN.rglob("*.json")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_report_is_as_its_schema_says(path: Path) -> None:
    report = json.loads(path.read_text(encoding="utf-8"))
    validate = fastjsonschema.compile(_schema(report["kind"]))
    validate(report)
    for wrong in (report | {"stranger": 1}, report | {"summary": {}}, report | {"date": "19 November"}):
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            validate(wrong)


def test_the_schemas_are_those_of_the_code() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "generate-report-schemas"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
