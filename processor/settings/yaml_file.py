"""Read a YAML file as data with the line of every key, and list everything that is wrong with it as YAML."""

import errno
import stat
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from processor.errors import Fault
from processor.logs.redaction import MASK, has_token
from processor.settings.places import KeyPath, Place, dotted
from processor.settings.plain_yaml import PlainLoader

_MOST_BYTES = 1_000_000
_MOST_NODES = 20_000
_DEEPEST = 30
_MAP_TAG = "tag:yaml.org,2002:map"
_LIST_TAG = "tag:yaml.org,2002:seq"
_MERGE_TAG = "tag:yaml.org,2002:merge"


@dataclass
class Document:
    """What a file says. `data` lacks what was at fault; `lines` holds the line of every key and list item."""

    file: str
    data: dict[str, object] = field(default_factory=dict)
    lines: dict[KeyPath, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def locate(self, path: KeyPath) -> Place:
        """Find the line of a key, or of the nearest thing that holds it."""
        lines = (self.lines.get(path[:length]) for length in range(len(path), 0, -1))
        return Place(self.file, next((line for line in lines if line is not None), None), dotted(path))

    def complain(self, path: KeyPath, line: int | None, problem: str, remedy: str, value: str = "") -> None:
        """Note a fault."""
        self.faults.append(Fault(self.file, line, dotted(path) or "file", value, problem, remedy))


def read_document(path: Path) -> Document:
    """Read a file; one that does not exist or says nothing is an empty document."""
    document = Document(str(path))
    text = _read_text(path, document)
    if text is not None:
        _parse(text, document)
    return document


def _read_text(path: Path, document: Document) -> str | None:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            document.complain((), None, "is not a regular file", "put a YAML file in its place")
            return None
        if status.st_size > _MOST_BYTES:
            limit = f"is larger than {_MOST_BYTES} bytes"
            document.complain((), None, limit, "keep only settings in it", f"{status.st_size} bytes")
            return None
        raw = path.read_bytes()
    except FileNotFoundError:
        if path.is_symlink():
            document.complain((), None, "is a link to a file that does not exist", "mend the link, or remove it")
        return None
    except OSError as exc:
        remedy = "mend the link" if exc.errno == errno.ELOOP else "make it readable for the user of the service"
        document.complain((), None, f"cannot be read ({exc.strerror})", remedy)
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = raw[: exc.start].count(b"\n") + 1
        document.complain((), line, "is not UTF-8 text", "save it as UTF-8")
        return None


def _parse(text: str, document: Document) -> None:
    try:
        root = yaml.compose(text, Loader=PlainLoader)
    except yaml.MarkedYAMLError as exc:
        # A quote or bracket that is never closed is noticed at the end of the file, far from its beginning.
        is_open = "end of stream" in (exc.problem or "") and exc.context_mark is not None
        mark = exc.context_mark if is_open else exc.problem_mark or exc.context_mark
        problem, remedy = _explain(exc.problem or exc.context or "it cannot be read")
        document.complain((), mark.line + 1 if mark else None, problem, remedy)
    except yaml.reader.ReaderError as exc:
        line = text[: exc.position].count("\n") + 1
        document.complain((), line, "holds a control character", "remove it")
    except RecursionError:
        document.complain((), None, f"is nested more than {_DEEPEST} levels deep", "write it flat")
    else:
        _take_root(root, document)


def _explain(problem: str) -> tuple[str, str]:
    if "'\\t'" in problem:
        return "a tab is used for indentation", "indent with spaces"
    if "but found another document" in problem:
        return "holds more than one document", "remove the line ---"
    if "end of stream" in problem:
        return "is not YAML (a quote or bracket that opens here is never closed)", "close it"
    if "undefined alias" in problem:
        return f"is not YAML ({problem})", "put the value in quotes, or define the anchor first"
    return f"is not YAML ({problem})", "mend the line, or the one before it; put text with : # * & % @ in quotes"


def _take_root(root: yaml.Node | None, document: Document) -> None:
    if root is None or root.tag == "tag:yaml.org,2002:null":
        return
    if not isinstance(root, yaml.MappingNode) or root.tag != _MAP_TAG:
        document.complain((), root.start_mark.line + 1, "is not a mapping", "write lines of the form key: value")
        return
    walk = _Walk(document)
    data = walk.mapping(root, ())
    if walk.has_room():
        document.data.update(data)
        return
    document.faults.clear()
    limits = f"{_MOST_NODES} values or {_DEEPEST} levels"
    document.complain((), None, f"holds more than {limits}, aliases counted", "write values out instead of * aliases")


class _Walk:
    """Turns nodes into plain data. An alias is walked again each time, so the number of nodes is bounded."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._scalars = yaml.constructor.SafeConstructor()
        self._nodes_left = _MOST_NODES
        self._is_too_deep = False

    def has_room(self) -> bool:
        """Tell whether everything was walked."""
        return self._nodes_left > 0 and not self._is_too_deep

    def mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, object]:
        """Take a mapping; a key that stands twice, or is no text, is a fault."""
        data: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key is None:
                continue
            line = key_node.start_mark.line + 1
            if key in data:
                first = self._document.lines[*path, key]
                self._document.complain((*path, key), line, f"stands twice (first in line {first})", "keep one of them")
                continue
            self._document.lines.setdefault((*path, key), line)
            data[key] = None
            self._put(data, key, value_node, (*path, key))
        return data

    def _key(self, node: yaml.Node, path: KeyPath) -> str | None:
        line = node.start_mark.line + 1
        if node.tag == _MERGE_TAG:
            self._document.complain((*path, "<<"), line, "merging with << is not supported", "write the keys out")
            return None
        if not isinstance(node, yaml.ScalarNode) or node.tag != "tag:yaml.org,2002:str":
            value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
            self._document.complain(path, line, "a key here is not text", "put it in quotes", value)
            return None
        if has_token(node.value):
            self._secret((*path, MASK), line)
            return None
        return str(node.value)

    def _put(self, into: dict[str, object], key: str, node: yaml.Node, path: KeyPath) -> None:
        try:
            into[key] = self._value(node, path)
        except _FaultNoted:
            del into[key]

    def _value(self, node: yaml.Node, path: KeyPath) -> object:
        self._nodes_left -= 1
        self._is_too_deep |= len(path) > _DEEPEST
        if not self.has_room():
            return None
        if isinstance(node, yaml.MappingNode) and node.tag == _MAP_TAG:
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == _LIST_TAG:
            return [self._item(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _item(self, node: yaml.Node, path: KeyPath) -> object:
        self._document.lines.setdefault(path, node.start_mark.line + 1)
        return self._value(node, path)

    def _scalar(self, node: yaml.Node, path: KeyPath) -> object:
        line = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode) and has_token(node.value):
            self._secret(path, line)
            raise _FaultNoted
        try:
            return self._scalars.construct_object(node)
        except (yaml.constructor.ConstructorError, ValueError):
            self._document.complain(path, line, f"the tag {node.tag} is not allowed here", "write a plain value")
            raise _FaultNoted from None

    def _secret(self, path: KeyPath, line: int) -> None:
        remedy = "take it out, revoke it, and keep the new one in a file or a variable (docs/settings.md, Secrets)"
        self._document.complain(path, line, "looks like a secret", remedy, MASK)


class _FaultNoted(Exception):
    """The value is at fault, which the document knows already."""
