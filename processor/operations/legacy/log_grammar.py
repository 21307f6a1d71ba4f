"""The lines of the original system's logs: four ways to begin one, and the words that tell of a run. Pure."""

import re
from dataclasses import dataclass
from typing import Final

#: `2025-07-22 10:35:53,123 - NAME - LEVEL - words`, `[2025-07-20 17:51:02] words`, `LEVEL:NAME:words`, and the
#: grammar of the handbook, `2025-07-21 10:40:02,001 ERROR NAME words`.
_BEGINNINGS: Final = (
    re.compile(r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[,.]\d{1,6})?) - \S+ - (?P<level>[A-Z]+) - (?P<words>.*)"),
    re.compile(r"\[(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] (?P<words>.*)"),
    re.compile(r"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):[\w.]+:(?P<words>.*)"),
    re.compile(
        r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[,.]\d{1,6})?) (?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) \S+ "
        r"(?P<words>.*)"
    ),
)
_N: Final = r"#(?P<issue>[1-9]\d{0,9})\b"
_P: Final = r"#(?P<pull>[1-9]\d{0,9})\b"
_KEYED: Final = r"\bissue=(?P<issue>[1-9]\d{0,9})\b"
_KEYED_PULL: Final = r"\bpr=(?P<pull>[1-9]\d{0,9})\b"
#: What is told, by the words of the code; the first one that fits counts.
_TOLD: Final = tuple(
    (kind, re.compile(words))
    for kind, words in {
        "started": rf"Issue {_N} 処理開始(?:[:：]\s*(?P<text>.*))?",
        "opened": rf"Created PR {_P} for issue {_N}",
        "succeeded_alone": rf"イシュー {_N} 処理完了(?:[:：]\s*(?P<text>.*))?",
        "pull_alone": rf"PR {_P} 作成成功",
        "pull": rf"PR作成完了[:：]\s*{_P}",
        "address": r"PR URL[:：]\s*(?P<text>https?://\S+)",
        "seconds": r"処理時間[:：]\s*(?P<text>\S*?)\s*秒",
        "succeeded": rf"イシュー {_N} の処理が完了",
        "failed": rf"イシュー {_N} の処理に失敗",
        "publish_failed": r"❌ (?P<text>PR作成失敗|コミット失敗)",
        "error": r"→ エラー[:：]\s*(?P<text>.*)",
        "exists": rf"PR already exists for issue {_N}(?:[:：] PR {_P})?",
        "recent": rf"Issue {_N} は最近処理済みのためスキップ",
        "processed_line": rf"^ISSUE_PROCESSED\b.*{_KEYED}(?:.*\bpriority=(?P<text>\w+))?",
        "pull_line": rf"^PR_CREATED_SUCCESS\b.*{_KEYED}(?:.*{_KEYED_PULL})?(?:.*\burl=(?P<text>\S+))?",
        "completed_line": rf"^PROCESSING_COMPLETED\b.*{_KEYED}(?:.*\bstatus=(?P<status>\w+))? (?P<text>\S+)$",
        "error_line": rf"^(?P<text>[A-Za-z]\w*)\b.*{_KEYED}(?P<rest>.*)$",
        "crashed": r"(?P<text>(?:処理中にエラーが発生しました|Error in process_request).*)",
    }.items()
)
#: Lines that this service wrote name the run; they are in the ledger already.
_OURS: Final = re.compile(r"\bissue=\S+/\S+#\d+\b|\brun=\d+-[0-9a-f]+\b")


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """What a line tells; `at` is the text of its moment, empty where it has none. Absent parts are None."""

    kind: str
    at: str
    issue: int | None
    pull: int | None
    text: str
    status: str


def read_line(line: str) -> LogLine | None:
    """Read a line; None when it tells of no run, kind `ours` for one that this service wrote."""
    at, level, words = _split(line)
    if _OURS.search(words):
        return LogLine(kind="ours", at=at, issue=None, pull=None, text="", status="")
    for kind, pattern in _TOLD:
        if kind == "error_line" and level != "ERROR":
            continue
        found = pattern.search(words)
        if found:
            named = found.groupdict()
            return LogLine(
                kind=kind,
                at=at,
                issue=int(named["issue"]) if named.get("issue") else None,
                pull=int(named["pull"]) if named.get("pull") else None,
                text=(words if kind == "error_line" else named.get("text") or "").strip(),
                status=named.get("status") or "",
            )
    return None


def _split(line: str) -> tuple[str, str, str]:
    for beginning in _BEGINNINGS:
        found = beginning.match(line)
        if found:
            named = found.groupdict()
            return named.get("at") or "", named.get("level") or "", found["words"]
    return "", "", line
