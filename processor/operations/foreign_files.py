"""Read files that others wrote: plain or compressed, whole or cut short, in an encoding that nobody noted."""

import codecs
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

_BLOCK: Final = 1 << 22
_COMPRESSED_BLOCK: Final = 1 << 16  # what a damaged place costs at most
_LONGEST_LINE: Final = 1 << 24
_GZIP: Final = b"\x1f\x8b"
_UNREAD: Final = {b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"PK\x03\x04": "zip"}
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
#: What Japanese hosts wrote besides UTF-8, the likeliest first.
_JAPANESE: Final = ("cp932", "euc_jp")
_HALF_WIDTH: Final = re.compile("[\uff61-\uff9f]")
_GZIP_HEADER: Final = 16 + zlib.MAX_WBITS


class ForeignFile:
    """A file that is read once, from the start to the end; `trouble` says afterwards why the end was not reached."""

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        """Note the file.

        Args:
            encoding: of its text; None finds it out from the first four mebibytes.
        """
        self.path = path
        self.encoding = encoding or ""
        self.trouble = ""

    def pieces(self) -> Iterator[bytes]:
        """Give some mebibytes of whole lines at a time; UTF-16 becomes UTF-8, anything else comes as it is.

        Raises:
            OSError: it cannot be read.
        """
        with self.path.open("rb") as file:
            blocks = self._blocks(file)
            first = next(blocks, b"")
            self.encoding = self.encoding or guess_encoding(first)
            if self.encoding.startswith("utf-16"):
                blocks, first = _as_utf8(first, blocks, self.encoding), b""
            yield from _whole_lines(first, blocks)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Give number and text of each line, from 1; what cannot be decoded becomes U+FFFD."""
        number = 0
        for piece in self.pieces():
            for line in piece.removesuffix(b"\n").split(b"\n"):
                number += 1
                yield number, line.decode(self.plain_encoding, "replace").rstrip("\r")

    @property
    def plain_encoding(self) -> str:
        """What the pieces are encoded in."""
        return "utf-8" if self.encoding.startswith("utf-16") else self.encoding

    def _blocks(self, file: BinaryIO) -> Iterator[bytes]:
        head: bytes = file.peek(6)[:6]  # type: ignore[attr-defined]  # a file opened for reading is buffered
        if head.startswith(_GZIP):
            yield from self._unpacked(file)
        elif packer := next((name for mark, name in _UNREAD.items() if head.startswith(mark)), ""):
            self.trouble = f"it is compressed by {packer}, which is not read here; unpack it first"
        else:
            while block := file.read(_BLOCK):
                yield block

    def _unpacked(self, file: BinaryIO) -> Iterator[bytes]:
        member = zlib.decompressobj(_GZIP_HEADER)
        while data := file.read(_COMPRESSED_BLOCK):
            try:
                while data:
                    if member.eof:
                        member = zlib.decompressobj(_GZIP_HEADER)
                    # At most so much at a time: a log that repeats itself is a thousand times its compressed size.
                    yield member.decompress(data, _BLOCK)
                    data = member.unused_data or member.unconsumed_tail
            except zlib.error:
                self.trouble = "the compressed data is damaged; what came before the damage is read"
                return
        if not member.eof:
            self.trouble = "the compressed data ends too early; what is there is read"


def guess_encoding(sample: bytes) -> str:
    """Tell the encoding by the first bytes: its mark, UTF-16 without one, UTF-8, one of Japan's; else UTF-8."""
    for mark, encoding in _MARKS.items():
        if sample.startswith(mark):
            return encoding
    head = sample[:512]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        # Text that is mostly ASCII has a zero in every other byte.
        if len(head) > 8 and head[start::2].count(0) > len(head) * 0.4:
            return encoding
    if _decoded(sample, "utf-8") is not None:
        return "utf-8"
    fitting = {name: text for name in _JAPANESE if (text := _decoded(sample, name)) is not None}
    # EUC-JP read as the other one is mostly half-width katakana, which hardly anybody writes.
    return min(fitting, key=lambda name: len(_HALF_WIDTH.findall(fitting[name])), default="utf-8")


def _decoded(sample: bytes, encoding: str) -> str | None:
    try:
        # The end of the sample may cut a character.
        return codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return None


def _as_utf8(first: bytes, blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(first).encode("utf-8", "replace")
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode()


def _whole_lines(first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    rest = first
    for block in blocks:
        cut = block.rfind(b"\n") + 1
        if cut or len(rest) > _LONGEST_LINE:
            yield rest + block[:cut]
            rest = block[cut:]
        else:
            rest += block
    if rest:
        yield rest
