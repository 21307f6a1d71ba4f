"""Judge a change before it is published: checks on the base commit and on the change, compared and scored."""

from processor.gate.base_findings import BaseFindings, MemoryBaseFindings
from processor.gate.built_in.every_check import BUILT_IN_CHECKS
from processor.gate.judgement import judge
from processor.gate.report_json import report_from_json, report_to_json
from processor.gate.table import render_gate_table
from processor.gate.task import GateTask

__all__ = [
    "BUILT_IN_CHECKS",
    "BaseFindings",
    "GateTask",
    "MemoryBaseFindings",
    "judge",
    "render_gate_table",
    "report_from_json",
    "report_to_json",
]
