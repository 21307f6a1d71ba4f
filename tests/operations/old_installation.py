"""Write a folder as the original system left it: every format, by the shapes that its code wrote."""

import gzip
import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

TITLE = "⚡ Continue.dev Phase 2 - パフォーマンス最適化"
OLD_LOG = f"""\
2025-07-22 12:57:05,000 - EnhancedAutoIssueProcessor - INFO - 🚀 Issue #83 処理開始: {TITLE}
2025-07-22 12:57:40,000 - EnhancedAutoIssueProcessor - INFO - ✅ PR作成完了: #253
2025-07-22 12:57:40,100 - EnhancedAutoIssueProcessor - INFO -    → PR URL: https://github.com/octo/hello/pull/253
2025-07-22 12:57:41,000 - EnhancedAutoIssueProcessor - INFO - ⏱️ 処理時間: 36.1秒
INFO:AutoIssueProcessor:Elder Flow実行完了
2025-07-22 13:10:00,000 - EnhancedAutoIssueProcessor - INFO - 🚀 Issue #84 処理開始: second
2025-07-22 13:10:20,000 - EnhancedAutoIssueProcessor - ERROR - ❌ コミット失敗
2025-07-22 13:10:21,000 - EnhancedAutoIssueProcessor - ERROR - ❌ イシュー #84 の処理に失敗
2025-07-22 13:10:21,000 - EnhancedAutoIssueProcessor - ERROR -    → エラー: git exited with 128, token ghp_{"a" * 36}
2025-07-22 13:20:00,000 - AutoIssueProcessor - INFO - PR already exists for issue #25: PR #107
2025-07-22 13:30:00,000 - AutoIssueProcessor - INFO - 🚀 Issue #90 処理開始: never ended
"""
CONTRACT_LOG = """\
2025-07-21 10:30:45,123 - AutoIssueProcessor - INFO - ISSUE_PROCESSED issue=123 priority=medium
2025-07-21 10:31:30,456 - AutoIssueProcessor - INFO - PR_CREATED_SUCCESS issue=123 pr=456 url=https://x/o/r/pull/456
2025-07-21 10:31:30,460 - AutoIssueProcessor - INFO - PROCESSING_COMPLETED issue=123 status=success 45.20
2025-07-21 10:40:02,001 ERROR AutoIssueProcessor ConnectionError issue=124 message="gone"
"""
CRON_LOG = """\
[2025-07-20 17:51:02] ✅ イシュー #60 処理完了: T
[2025-07-20 17:51:02]   → PR #160 作成成功
[2025-07-20 17:51:03] ❌ 処理中にエラーが発生しました (exit code: 1)
"""
OURS = "2026-11-23 18:12:40,447 INFO A PROCESSING_COMPLETED issue=octo/hello#2 run=2-e1c1ada5 status=success 14.03\n"
ALERT_RULES = """\
rules:
  - name: high_error_rate
    condition: "error_rate > 0.1"
    severity: HIGH
    message: "Error rate exceeds 10%"
    channels: ["email", "slack"]
"""
SETTINGS = """\
enabled: true
dry_run: false
github: {retry_attempts: 4, rate_limit_buffer: 100}
processing: {processing_timeout: 300, max_parallel_workers: 2, skip_labels: [wontfix], required_labels: []}
logging: {level: INFO, file: logs/auto_issue_processor.log, max_bytes: 10485760, backup_count: 5}
scheduler: {interval_minutes: 10, timezone: Asia/Tokyo}
"""
ENV = f"""\
GITHUB_TOKEN=ghp_{"b" * 36}
export CLAUDE_API_KEY="sk-ant-api03-{"c" * 30}"
GITHUB_REPO_OWNER=octo
GITHUB_REPO_NAME=hello
AUTO_ISSUE_MAX_PARALLEL=5
AUTO_ISSUE_CACHE_SIZE=100
"""
#: By the name of the file: what stands in it as one JSON value.
JSON: dict[str, Any] = {
    "logs/auto_issue_processing.json": [
        {"issue_id": 83, "timestamp": "2025-07-22T12:57:04.412345"},
        {"issue_number": 74, "timestamp": "2025-07-20T00:10:03.412345"},
    ],
    "old/auto_issue_processing.json": {"recent_issues": [123], "success_rate": 92.5, "processing_times": [45.2]},
    "logs/auto_issue_processor_stats.json": [
        {"processed": 2, "success": 1, "failed": 1, "skipped": 0, "locked": 0, "start_time": "2025-07-22T12:00:00"}
    ],
    "logs/reopened_issues_history.json": [
        {
            "issue_number": 70,
            "timestamp": "2025-07-19T08:00:00",
            "type": "reprocessing",
            "result": {"status": "success", "pr_url": "https://github.com/octo/hello/pull/170", "pr_number": 170},
        }
    ],
    "logs/pr_quality_history.json": [
        {"pr_number": 253, "title": "T", "overall_score": 71.5, "passed": True, "timestamp": "2025-07-22T13:00:00"}
    ],
    "logs/quality.json": [
        {"timestamp": "2025-07-22T13:00:00", "task_name": "t", "quality_report": {}, "iron_will_passed": True}
    ],
    "logs/fatal_errors/fatal_error_20250722_130000.json": {
        "error_time": "2025-07-22T13:00:00",
        "error_type": "TypeError",
        "error_message": "DummyPRCreator() takes no arguments",
        "fatal": True,
    },
    "reports/daily_report_20250721.json": {"date": "2025-07-21", "summary": {"total_issues_processed": 4}},
    "knowledge_base/error_patterns.json": {"known_errors": {"TypeError:x": {"total_count": 1}}},
    "knowledge_base/issue_patterns.json": {"caching": ["#83"]},
    ".issue_locks/issue_83.lock": {"key": "issue_83", "pid": 7, "acquired_at": 1753156625.0, "ttl": 300},
}
JSON_LINES: dict[str, list[Any]] = {
    "logs/auto_issue_alerts.log": [
        {"type": "low_success_rate", "severity": "warning", "message": "m", "timestamp": "2025-07-22T12:00:00"}
    ],
    "logs/monitoring/alerts.log": [
        {"timestamp": "2025-07-22T12:00:00", "type": "alert", "alert_id": "a", "severity": "ERROR", "title": "cpu"}
    ],
    "logs/monitoring/metrics.log": [
        {"timestamp": "2025-07-22T12:00:00", "type": "metric", "metric_name": "cpu", "value": 1.5, "labels": {}}
    ],
    "logs/monitoring/health.log": [
        {"timestamp": "2025-07-22T12:00:00", "type": "health_check", "component": "git", "status": "ok"}
    ],
    "logs/security_audit.log": [
        {"timestamp": "2025-07-22T03:00:00", "event_type": "UNAUTHORIZED_ACCESS", "user": "u", "action": "read"}
    ],
}
#: timestamp, issue, status, seconds, error, address
DATABASE_ROWS: list[tuple[Any, ...]] = [
    ("2025-07-22T12:57:05.000000", 83, "started", None, None, None),
    ("2025-07-22T12:57:42.000000", 83, "completed", 36.1, None, "https://github.com/octo/hello/pull/253"),
    ("2025-07-22T13:10:00.000000", 84, "started", None, None, None),
    ("2025-07-22T13:10:22.000000", 84, "failed", 21.0, "git exited with 128", None),
    ("2025-07-22T15:00:00.000000", 91, "started", None, None, None),
]


def write(root: Path) -> Path:
    """Write everything and give the folder."""
    for name, value in JSON.items():
        put(root / name, json.dumps(value, indent=2, ensure_ascii=False))
    for name, values in JSON_LINES.items():
        put(root / name, "".join(json.dumps(value) + "\n" for value in values))
    put(root / "logs/auto_issue_processor.log", OLD_LOG + OURS)
    put(root / "logs/auto_issue_processor/20250720_175100.log", CRON_LOG)
    (root / "logs/contract.log.gz").write_bytes(gzip.compress(CONTRACT_LOG.encode()))
    put(root / "configs/auto_issue_processor.yaml", SETTINGS)
    put(root / "configs/quality_gate.yaml", "minimum_score: 60\nsecurity_threshold: 8\n")
    put(root / "configs/environments.yaml", "production: {debug: false, max_parallel: 5, timeout: 180}\n")
    put(root / "configs/alert_rules.yaml", ALERT_RULES)
    put(root / ".env", ENV)
    put(root / "auto_fixes/issue_83_fix.md", "# a copy of the issue\n")
    database(root / "logs/auto_issue_metrics.db", DATABASE_ROWS)
    export = "timestamp,issue_number,issue_title,status,processing_time\n"
    put(root / "export.csv", f"{export}2025-07-22T13:10:22,84,second,failed,21.0\n")
    return root


def put(path: Path, text: str) -> None:
    """Write a file, its folders included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def database(path: Path, rows: list[tuple[Any, ...]]) -> None:
    """Write the dashboard's database."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as opened:
        opened.execute(
            "CREATE TABLE processing_metrics(id INTEGER PRIMARY KEY, timestamp TEXT, issue_number INT, "
            "issue_title TEXT, priority TEXT, processing_status TEXT, processing_time_seconds REAL, "
            "sage_consultation_time REAL, pr_creation_time REAL, error_message TEXT, pr_url TEXT, "
            "four_sages_availability BOOL)"
        )
        opened.execute(
            "CREATE TABLE system_health_metrics(id INTEGER PRIMARY KEY, timestamp TEXT, github_api_status TEXT, "
            "pr_creation_success_rate REAL, queue_size INT)"
        )
        columns = "timestamp, issue_number, processing_status, processing_time_seconds, error_message, pr_url"
        opened.executemany(
            f"INSERT INTO processing_metrics({columns}, priority) VALUES (?, ?, ?, ?, ?, ?, 'high')",  # noqa: S608
            rows,
        )
        opened.execute("INSERT INTO system_health_metrics VALUES (1, '2025-07-22T12:00:00', 'ok', 0.0, 3)")
        opened.commit()


def backup(root: Path, archive: Path) -> None:
    """Pack a folder as the original system's backup did."""
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(root, arcname=".")
