"""Write a gate report as JSON and read it back, for the ledger."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from processor.errors import GateToolError
from processor.model import CheckReport, CheckResult, Finding, FindingState, GateReport


def report_to_json(report: GateReport) -> str:
    """Write a report; ASCII only, since a path that is no UTF-8 holds characters that no database takes."""
    return json.dumps(asdict(report), allow_nan=False, separators=(",", ":"))


def report_from_json(text: str) -> GateReport:
    """Read a report that `report_to_json` wrote.

    Raises:
        GateToolError: the text is no gate report.
    """
    try:
        data = json.loads(text)
        checks = tuple(_check(item) for item in data["checks"])
        return GateReport(**{**data, "checks": checks, "reasons": tuple(data["reasons"])})
    except (ValueError, TypeError, KeyError) as error:
        raise GateToolError(
            f"a stored gate report cannot be read ({type(error).__name__}); `aip queue retry` makes a new one"
        ) from error


def _check(data: Mapping[str, Any]) -> CheckReport:
    findings = tuple(Finding(**{**item, "state": FindingState(item["state"])}) for item in data["findings"])
    return CheckReport(**{**data, "result": CheckResult(data["result"]), "findings": findings})
