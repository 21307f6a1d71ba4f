"""The tables. A change here comes with a migration under `migrations/versions`; a test compares the two.

Import them from here; the modules below sort them by subject.
"""

from processor.ledger.schema.alerts import alert_incidents, drills
from processor.ledger.schema.caches import base_findings, rate_limits
from processor.ledger.schema.canary import canary_rounds
from processor.ledger.schema.checklists import (
    checklist_results,
    checklist_signatures,
    checklist_turns,
    security_alerts,
)
from processor.ledger.schema.imports import imported_records, imported_runs
from processor.ledger.schema.issues import issues, repositories
from processor.ledger.schema.metadata import metadata
from processor.ledger.schema.pull_requests import pull_requests
from processor.ledger.schema.record import audit, controls, facts, totals
from processor.ledger.schema.reports import host_hours, report_deliveries, reports
from processor.ledger.schema.runs import attempts, checks, phases, runs, usage
from processor.ledger.schema.services import capacity_changes, process_groups, service_settings, services
from processor.ledger.schema.settings import setting_changes, setting_overrides
from processor.ledger.schema.upkeep import backups, nightly_turns

__all__ = [
    "alert_incidents",
    "attempts",
    "audit",
    "backups",
    "base_findings",
    "canary_rounds",
    "capacity_changes",
    "checklist_results",
    "checklist_signatures",
    "checklist_turns",
    "checks",
    "controls",
    "drills",
    "facts",
    "host_hours",
    "imported_records",
    "imported_runs",
    "issues",
    "metadata",
    "nightly_turns",
    "phases",
    "process_groups",
    "pull_requests",
    "rate_limits",
    "report_deliveries",
    "reports",
    "repositories",
    "runs",
    "security_alerts",
    "service_settings",
    "services",
    "setting_changes",
    "setting_overrides",
    "totals",
    "usage",
]
