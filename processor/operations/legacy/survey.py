"""Go through the folder of the original system and read each file by what it is."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from processor.operations.foreign_files import ForeignFile
from processor.operations.legacy import formats, json_rows
from processor.operations.legacy.archives import unpack
from processor.operations.legacy.csv_export import is_export, read_export
from processor.operations.legacy.findings import Findings
from processor.operations.legacy.json_objects import ObjectReader
from processor.operations.legacy.log_runs import LogStory
from processor.operations.legacy.metrics_db import MAGIC, read_database

SETTINGS_FILES: Final = (
    "auto_issue_processor.yaml",
    "quality_gate.yaml",
    "environments.yaml",
    "security_settings.yaml",
    "alert_rules.yaml",
    ".env",
)
_LOG: Final = re.compile(r"^(?P<base>.+\.(?:log|jsonl))(?:\.(?P<number>\d{1,4}))?(?:\.gz)?$")
_JSON: Final = re.compile(r"\.json(?:\.gz)?$|^issue_\d+\.lock$")
_ARCHIVE: Final = re.compile(r"\.(?:tar\.gz|tgz|tar)$")
_NOT_ENTERED: Final = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__"})
#: From this many bytes on, reading takes seconds.
_LARGE: Final = 20_000_000
_LARGEST_JSON: Final = 64 << 20


@dataclass
class Survey:
    """What a folder holds: the findings, and the text of each settings file by its name."""

    findings: Findings = field(default_factory=Findings)
    settings: dict[str, str] = field(default_factory=dict)


class Surveyor:
    """Reads one folder, and the archives in it."""

    def __init__(
        self, repository: str, zone: ZoneInfo, encoding: str | None, tell: Callable[[str], None] = lambda _text: None
    ) -> None:
        """Note how the files are to be understood.

        Args:
            zone: of times that name none.
            encoding: of all files; None finds it out for each.
            tell: is told of files that take long.
        """
        self.survey = Survey()
        self._repository = repository
        self._zone = zone
        self._encoding = encoding
        self._tell = tell
        self._objects = ObjectReader(self.survey.findings, repository, zone)

    @staticmethod
    def settings_of(folder: Path, encoding: str | None) -> dict[str, str]:
        """Read the settings files alone, by their names."""
        found = [path for path in _files(folder) if path.name in SETTINGS_FILES]
        names = {path.relative_to(folder).as_posix(): path for path in found}
        return {
            name: "\n".join(line for _, line in ForeignFile(path, encoding).lines()) for name, path in names.items()
        }

    def read(self, folder: Path, prefix: str = "") -> None:
        """Read everything below a folder; the names of files begin with the prefix."""
        logs: defaultdict[str, list[tuple[int, str, Path]]] = defaultdict(list)
        for path in _files(folder):
            name = prefix + path.relative_to(folder).as_posix()
            found = _LOG.match(name)
            if found:
                logs[found["base"]].append((-int(found["number"] or 0), name, path))
            else:
                self._guarded(name, path)
        for rotated in logs.values():
            self._read_logs([(name, path) for _, name, path in sorted(rotated)])

    def _guarded(self, name: str, path: Path) -> None:
        findings = self.survey.findings
        try:
            if self._read_file(name, path):
                findings.files.append(name)
            else:
                findings.not_read.append(name)
        except OSError as exc:
            findings.reject(name, 0, f"cannot be read ({exc.strerror})")

    def _read_file(self, name: str, path: Path) -> bool:
        """Read a file that is no log; False when it is of no known kind."""
        base = PurePosixPath(name).name
        if base in SETTINGS_FILES:
            self.survey.settings[name] = "\n".join(self._lines(name, path))
        elif _starts_with(path, MAGIC) or base.endswith((".db", ".sqlite", ".sqlite3")):
            return read_database(path, name, self.survey.findings, self._repository, self._zone)
        elif _ARCHIVE.search(base):
            self._read_archive(name, path)
        elif _JSON.search(base):
            self._read_json(name, path)
        elif base.endswith((".csv", ".csv.gz")):
            return self._read_csv(name, path)
        else:
            return False
        return True

    def _read_json(self, name: str, path: Path) -> None:
        if path.stat().st_size > _LARGEST_JSON:
            self.survey.findings.reject(name, 0, f"has {path.stat().st_size} bytes, more than {_LARGEST_JSON}")
            return
        kind = formats.NAMED.get(PurePosixPath(name).name)
        for row in json_rows.rows("\n".join(self._lines(name, path))):
            if kind and row.value is not None:
                self._objects.take_named(name, kind, row.value)
            else:
                self._objects.take(name, row)

    def _read_csv(self, name: str, path: Path) -> bool:
        lines = self._lines(name, path)
        first = next(lines, "")
        if not is_export(first):
            return False
        whole = (one for part in ((first,), lines) for one in part)
        read_export(whole, name, self.survey.findings, self._repository, self._zone)
        return True

    def _read_logs(self, rotated: list[tuple[str, Path]]) -> None:
        story = LogStory(self.survey.findings, self._repository, self._zone)
        for name, path in rotated:
            try:
                for number, line in enumerate(self._lines(name, path), start=1):
                    if line.lstrip("\ufeff ").startswith("{"):
                        self._objects.take(name, json_rows.row_of_line(number, line.lstrip("\ufeff")))
                    else:
                        story.take(name, number, line)
                self.survey.findings.files.append(name)
            except OSError as exc:
                self.survey.findings.reject(name, 0, f"cannot be read ({exc.strerror})")
        story.end()

    def _lines(self, name: str, path: Path) -> Iterator[str]:
        file = ForeignFile(path, self._encoding)
        if (size := path.stat().st_size) > _LARGE:
            self._tell(f"reading {name}, {size // 1_000_000} MB")
        for _, line in file.lines():
            self.survey.findings.damaged += "\ufffd" in line or "\0" in line
            yield line
        if file.trouble:
            self.survey.findings.reject(name, 0, file.trouble)

    def _read_archive(self, name: str, path: Path) -> None:
        """Read what is in a backup of the original system as if it lay in a folder of the archive's name."""
        with TemporaryDirectory(prefix="aip-import-") as folder:
            for fault in unpack(path, Path(folder)):
                self.survey.findings.reject(name, 0, fault)
            self.read(Path(folder), f"{name}/")


def _files(folder: Path) -> Iterator[Path]:
    """Give the files in the order of their names; links are not followed."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            if path.name not in _NOT_ENTERED:
                yield from _files(path)
        elif path.is_file():
            yield path


def _starts_with(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic
