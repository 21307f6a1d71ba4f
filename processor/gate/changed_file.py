"""One file of a change with its content on both sides, and the lines that the change adds to it."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from processor.errors import GateToolError

LINK_MODE = "120000"
SUBMODULE_MODE = "160000"
_LARGEST_BYTES = 5_000_000
_LARGEST_PYTHON_BYTES = 1_000_000
_TEST_FOLDERS = frozenset({"test", "tests", "testing", "spec", "specs", "__tests__"})


@dataclass(frozen=True)
class ChangedFile:
    """A file before and after. `before` and `after` are None where there is no regular file."""

    old_path: str | None
    new_path: str | None
    old_mode: str = ""
    new_mode: str = ""
    before: bytes | None = None
    after: bytes | None = None
    link_target: str = ""  #: where a symbolic link points after the change

    @property
    def path(self) -> str:
        """The name to speak of: the new one, or the old one of a deleted file."""
        return self.new_path or self.old_path or ""

    @property
    def is_test(self) -> bool:
        """Whether the file holds tests, by its name and folders."""
        path = PurePosixPath(self.path)
        stem = path.stem.lower()
        return (
            any(part.lower() in _TEST_FOLDERS for part in path.parts[:-1])
            or stem.startswith("test_")
            or stem.endswith(("_test", ".test", ".spec"))
            or stem == "conftest"
        )

    @property
    def is_python(self) -> bool:
        """Whether Python runs the file: by its suffix, or by its first line."""
        if PurePosixPath(self.path).suffix.lower() in {".py", ".pyi", ".pyw"}:
            return True
        start = (self.after or self.before or b"")[:200].split(b"\n", 1)[0]
        return start.startswith(b"#!") and b"python" in start

    @cached_property
    def lines_before(self) -> tuple[str, ...]:
        """The text before, by line; empty when there was none."""
        return decoded_lines(self.before, self.path)

    @cached_property
    def lines_after(self) -> tuple[str, ...]:
        """The text after, by line; empty when there is none."""
        return decoded_lines(self.after, self.path)

    @cached_property
    def added(self) -> tuple[tuple[int, str], ...]:
        """The lines that are there more often than before, with their 1-based numbers; a moved line is not added."""
        return _surplus(self.lines_after, self.lines_before)

    @cached_property
    def removed(self) -> tuple[tuple[int, str], ...]:
        """The lines that are there less often than before, with their old numbers."""
        return _surplus(self.lines_before, self.lines_after)

    @property
    def is_binary(self) -> bool:
        """Whether one of the sides is no text."""
        return any(is_binary(content) for content in (self.before, self.after) if content)


def is_binary(content: bytes) -> bool:
    """Tell as git does, by a zero byte near the start; UTF-16 text with its mark is text."""
    return b"\0" in content[:8000] and not content.startswith((b"\xff\xfe", b"\xfe\xff"))


def decoded_lines(content: bytes | None, path: str) -> tuple[str, ...]:
    """Split content into lines, whatever bytes it holds.

    Raises:
        GateToolError: the content is too large to be looked at.
    """
    if content is None:
        return ()
    judgeable(content, path)
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return tuple(content.decode(encoding, "replace").splitlines())


def judgeable(content: bytes, path: str, most: int = _LARGEST_BYTES) -> bytes:
    """Return content that is small enough to be looked at.

    Raises:
        GateToolError: it is too large; what is not looked at is not published.
    """
    if len(content) > most:
        raise GateToolError(
            f"{path} has {len(content)} bytes and the gate reads {most} at most; change this file by hand"
        )
    return content


def judgeable_python(content: bytes, path: str) -> bytes:
    """Return Python source that is small enough to be parsed, which takes a hundred times its size in memory.

    Raises:
        GateToolError: it is too large.
    """
    return judgeable(content, path, _LARGEST_PYTHON_BYTES)


def is_judgeable(file: ChangedFile) -> bool:
    """Tell whether both sides are small enough to be looked at."""
    return all(len(content) <= _LARGEST_BYTES for content in (file.before, file.after) if content)


def _surplus(lines: tuple[str, ...], others: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    left = Counter(others)
    found = []
    for number, line in enumerate(lines, start=1):
        if left[line] > 0:
            left[line] -= 1
        else:
            found.append((number, line))
    return tuple(found)
