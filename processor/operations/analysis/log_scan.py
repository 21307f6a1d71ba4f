"""Go through logs once, and gather the time of every run that they tell of."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from processor.errors import UsageError
from processor.operations.analysis import log_lines
from processor.operations.analysis.analysis import By, Gathering, Longest
from processor.operations.foreign_files import ForeignFile

_UNKNOWN: Final = "unknown"
#: Runs of which one line came and the last one is yet to come.
_MOST_OPEN: Final = 10_000
_MOST_PLACES: Final = 5


@dataclass
class Remarks:
    """What was found besides times. The places are the first few, as FILE:LINE."""

    lines: int = 0
    without_number: int = 0
    undated: int = 0
    damaged: int = 0
    places: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


class LogScan:
    """Reads logs into a gathering."""

    def __init__(self, gathering: Gathering, *, since: str = "", by: By | None = None) -> None:
        """Note what is wanted.

        Args:
            since: only lines of this moment or later, `YYYY-MM-DD HH:MM:SS` in the clock of the logs; empty for all.

        Raises:
            UsageError: logs do not tell what is asked for.
        """
        if by is By.PHASE:
            raise UsageError("logs hold no times of phases; leave --log out, and the ledger is asked")
        self.remarks = Remarks()
        self._gathering = gathering
        self._since = since.encode()
        self._by = by
        self._seen: set[tuple[int, int]] = set()
        self._said: dict[str, str] = {}
        self._old_issue: int | None = None

    def read(self, path: Path) -> None:
        """Go through one log; one that was read under another name is not read again.

        Raises:
            UsageError: it cannot be read.
        """
        try:
            status = path.stat()
            if path.is_dir():
                raise UsageError(f"{path} is a folder; name the logs in it, such as {path}/*.log*")
            if (status.st_dev, status.st_ino) in self._seen:
                self.remarks.troubles.append(f"{path} was read already, under another name")
                return
            self._seen.add((status.st_dev, status.st_ino))
            self._read(ForeignFile(path))
        except OSError as exc:
            raise UsageError(f"{path} cannot be read ({exc.strerror}); name a log that is there and is yours") from exc

    def _read(self, file: ForeignFile) -> None:
        self._old_issue, first_line, is_cut = None, 1, False
        for piece in file.pieces():
            if self._since or self._by or _may_be_old(piece):
                self._take_lines(piece, file.path, first_line)
            else:
                self._take_completed(piece, file.path, first_line)
            self.remarks.damaged += _damaged_lines(piece, file.plain_encoding)
            first_line += piece.count(b"\n")
            is_cut = not piece.endswith(b"\n")
        self.remarks.lines += first_line - 1 + is_cut
        if file.trouble:
            self.remarks.troubles.append(f"{file.path}: {file.trouble}")

    def _take_completed(self, piece: bytes, path: Path, first_line: int) -> None:
        """Take the lines of our grammar alone; millions of them, so that every call in here would be felt."""
        find, rfind = piece.find, piece.rfind
        times: list[float] = []
        threshold = self._gathering.threshold
        at = find(log_lines.COMPLETED)
        while at >= 0:
            end = find(b"\n", at)
            end = len(piece) if end < 0 else end
            try:
                seconds = float(piece[rfind(b" ", at, end) : end])
                is_time = 0 <= seconds < 1e300
            except ValueError:
                is_time = False
            if not is_time or seconds > threshold:
                start = rfind(b"\n", 0, at) + 1
                number = first_line + piece.count(b"\n", 0, start)
                self._take_line(piece[start:end], f"{path}:{number}", times)
                threshold = self._gathering.threshold
            else:
                times.append(seconds)
            at = find(log_lines.COMPLETED, end)
        self._gathering.add_piece(times, "")

    def _take_lines(self, piece: bytes, path: Path, first_line: int) -> None:
        for number, line in enumerate(piece.split(b"\n"), start=first_line):
            if log_lines.COMPLETED in line or any(mark in line for mark in log_lines.OLD_MARKS):
                self._take_line(line, f"{path}:{number}")
            elif self._by is not None:
                self._note(line)
            started = log_lines.old_start(line)
            self._old_issue = self._old_issue if started is None else started

    def _take_line(self, line: bytes, place: str, times: list[float] | None = None) -> None:
        is_ours = log_lines.COMPLETED in line
        seconds = log_lines.last_number(line) if is_ours else log_lines.old_number(line)
        if seconds is None:
            self.remarks.without_number += 1
            self.remarks.places += [place] * (len(self.remarks.places) < _MOST_PLACES)
        elif self._is_wanted(line):
            if times is None:
                self._gathering.add(seconds, self._group(line))
            else:
                times.append(seconds)
            if seconds > self._gathering.threshold:
                self._gathering.add_longest(self._longest(line, seconds, place, is_ours=is_ours))

    def _is_wanted(self, line: bytes) -> bool:
        if not self._since:
            return True
        moment = log_lines.moment(line)
        self.remarks.undated += moment is None
        return moment is not None and moment >= self._since

    def _note(self, line: bytes) -> None:
        """Remember what is asked for until the line with the time comes, which names the same run."""
        said = ""
        if self._by is By.PRIORITY and log_lines.PROCESSED in line:
            said = log_lines.word(line, b"priority")
        elif self._by is By.ERROR and b" ERROR " in line:
            said = log_lines.error_type(line)
        run = log_lines.run(line) if said else ""
        if run:
            self._said[run] = said
            if len(self._said) > _MOST_OPEN:
                del self._said[next(iter(self._said))]

    def _group(self, line: bytes) -> str:
        if self._by is None:
            return ""
        if self._by is By.REPOSITORY:
            found = log_lines.issue(line)
            return (found and found[0]) or _UNKNOWN
        said = self._said.pop(log_lines.run(line), "")
        return said or (log_lines.word(line, b"status") if self._by is By.ERROR else "") or _UNKNOWN

    def _longest(self, line: bytes, seconds: float, place: str, *, is_ours: bool) -> Longest:
        found = log_lines.issue(line) if is_ours else ("", self._old_issue)
        repository, number = found or ("", None)
        issue = "" if number is None else f"{repository}#{number}"
        return Longest(seconds=seconds, issue=issue, run_id=log_lines.run(line), place=place)


def _may_be_old(piece: bytes) -> bool:
    return not piece.isascii() and any(mark in piece for mark in log_lines.OLD_MARKS)


def _damaged_lines(piece: bytes, encoding: str) -> int:
    if b"\0" not in piece and (piece.isascii() or _is_text(piece, encoding)):
        return 0
    return sum(b"\0" in line or not _is_text(line, encoding) for line in piece.split(b"\n"))


def _is_text(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
