"""What a line of a log says of a run's time. Pure.

Three grammars: ours and the handbook's, whose last word is the seconds, and the words of the original system:

    2026-11-23 18:12:40,447 INFO AutoIssueProcessor PROCESSING_COMPLETED issue=octo/hello#2 run=2-e1c1ada5 … 14.03
    2025-07-22 12:57:41,000 - EnhancedAutoIssueProcessor - INFO - ⏱️ 処理時間: 36.1秒
"""

import re
from math import inf
from typing import Final

COMPLETED: Final = b"PROCESSING_COMPLETED"
PROCESSED: Final = b"ISSUE_PROCESSED"
ENCODINGS: Final = ("utf-8", "cp932", "euc_jp")


def _spelled(text: str) -> tuple[bytes, ...]:
    return tuple(text.encode(name) for name in ENCODINGS)


def _either(text: str) -> bytes:
    return b"(?:" + b"|".join(re.escape(one) for one in _spelled(text)) + b")"


#: `処理時間`, as each encoding writes it.
OLD_MARKS: Final = _spelled("処理時間")
_OLD_SECONDS: Final = re.compile(
    _either("処理時間") + rb"\s*(?::|" + _either("：") + rb")\s*(-?[0-9][0-9_.,eE+]*|[^\s]*?)\s*" + _either("秒")
)
_OLD_START: Final = re.compile(rb"Issue #([1-9][0-9]{0,9}) " + _either("処理開始"))
_ISSUE: Final = re.compile(rb"\bissue=(?:([^\s#=]+/[^\s#=]+)#)?([1-9][0-9]{0,9})\b")
_RUN: Final = re.compile(rb"\brun=(\S+)")
_WORD: Final = re.compile(rb"\b(priority|status)=([a-z_]{1,20})\b")
#: Date and time at the start, in brackets or not.
_MOMENT: Final = re.compile(rb"^\[?([0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2})")
_ERROR: Final = re.compile(rb"^\S+ \S+ ERROR \S+ ([A-Za-z_]{1,60}) ")


def number(word: bytes) -> float | None:
    """Read seconds; None for what is no number of them, such as one below 0."""
    try:
        seconds = float(word)
    except ValueError:
        return None
    return seconds if 0 <= seconds < inf else None


def last_number(line: bytes) -> float | None:
    """Read the last word of a line."""
    words = line.rsplit(None, 1)
    return number(words[-1]) if len(words) == 2 else None


def old_number(line: bytes) -> float | None:
    """Read the seconds of a line of the original system."""
    found = _OLD_SECONDS.search(line)
    return number(found[1]) if found else None


def old_start(line: bytes) -> int | None:
    """Give the issue whose processing a line of the original system begins."""
    found = _OLD_START.search(line)
    return int(found[1]) if found else None


def moment(line: bytes) -> bytes | None:
    """Give date and time of a line, `YYYY-MM-DD HH:MM:SS`, which sort as they follow each other."""
    found = _MOMENT.match(line)
    return found[1].replace(b"T", b" ") if found else None


def issue(line: bytes) -> tuple[str, int] | None:
    """Give the repository, empty when it is not named, and the number."""
    found = _ISSUE.search(line)
    return ((found[1] or b"").decode("ascii", "replace"), int(found[2])) if found else None


def run(line: bytes) -> str:
    """Give the run id; empty without one."""
    found = _RUN.search(line)
    return found[1].decode("ascii", "replace") if found else ""


def word(line: bytes, name: bytes) -> str:
    """Give the value of `priority` or `status`; empty without one."""
    return next((value.decode() for key, value in _WORD.findall(line) if key == name), "")


def error_type(line: bytes) -> str:
    """Give the type of an `ERROR` line of ours; empty for any other line."""
    found = _ERROR.match(line)
    return found[1].decode() if found else ""
