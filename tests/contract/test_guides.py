"""The guides say what the product says, in commands that it takes, and each has the same in Japanese."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.contract.command_line import commands, complaint

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GUIDES = (
    "deployment",
    "daily-operations",
    "troubleshooting",
    "incident-response",
    "administrator-security",
    "uninstall",
)
#: The runbooks have tests of their own, and the index has no counterpart.
JAPANESE = sorted(
    path for path in (DOCS / "ja").rglob("*.md") if path.parent.name != "runbooks" and path.stem != "README"
)
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^()\s]+)\)")
#: Measured figures stand in the English page alone, to which the Japanese one leads; the numbers change too often.
_WITHOUT_FIGURES = re.compile(r"(?<=^## )(?:Figures|測定値)\n.*?(?=^## )", re.DOTALL | re.MULTILINE)
_VALUE = "\0"  #: stands for what the code fills in
_LEAST_LITERAL = 12  #: characters that a text must fix, before it can prove that a message is ours
each_guide = pytest.mark.parametrize("name", GUIDES)
each_japanese_page = pytest.mark.parametrize("page", JAPANESE, ids=lambda page: page.stem)


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _blocks(page: Path, language: str) -> list[str]:
    return [block for kind, block in _FENCE.findall(_text(page)) if kind == language]


def test_every_page_is_there_in_japanese() -> None:
    """Decisions are read by who changes the code, and stand in English alone."""
    pages = {page.relative_to(DOCS) for page in DOCS.rglob("*.md")}
    english = {page for page in pages if page.parts[0] not in {"ja", "decisions"}}
    assert [page for page in sorted(english) if Path("ja") / page not in pages] == []


@each_guide
def test_the_commands_of_a_guide_are_taken(name: str) -> None:
    found = [words for block in _blocks(DOCS / f"{name}.md", "sh") for words in commands(block)]
    assert {" ".join(words): said for words in found if (said := complaint(words))} == {}


@cache
def _texts_of_ours() -> frozenset[tuple[str, ...]]:
    """Give what the code can say, cut at semicolons; each as its fixed pieces, between which values are filled in."""
    sources = [path for room in ("processor", "exporter") for path in (ROOT / room).rglob("*.py")]
    return frozenset(pieces for path in sources for pieces in _pieces(ast.parse(_text(path))))


def _pieces(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(tree):
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else _VALUE for part in parts)
        for sentence in text.split("; "):
            pieces = tuple(piece for piece in sentence.strip(_VALUE + " ").split(_VALUE) if piece)
            if sum(map(len, pieces)) >= _LEAST_LITERAL:
                yield pieces


def _is_ours(sentence: str) -> bool:
    return any(_holds(sentence, pieces) for pieces in _texts_of_ours())


def _holds(sentence: str, pieces: tuple[str, ...]) -> bool:
    at = 0
    for piece in pieces:
        at = sentence.find(piece, at) + len(piece)
        if at < len(piece):
            return False
    return True


@pytest.mark.parametrize("line", "".join(_blocks(DOCS / "troubleshooting.md", "text")).splitlines())
def test_a_message_in_the_guide_is_one_that_the_product_says(line: str) -> None:
    """What happened and the next step, with a semicolon between, are texts of ours."""
    assert [sentence for sentence in line.split("; ") if not _is_ours(sentence)] == []


@pytest.mark.parametrize("sentence", ["the moon is in the way", "the moon is full", "open"])
def test_a_message_that_nobody_says_is_noticed(sentence: str) -> None:
    assert not _is_ours(sentence)


def _code(page: Path) -> list[tuple[str, str]]:
    """Give the blocks of a page without comments and templates, which are in its language."""
    return [
        (kind, re.sub(r"(?m)\s*(?:^|(?<=\s))#.*$", "", block))
        for kind, block in _FENCE.findall(_text(page))
        if kind != "text" or page.stem == "troubleshooting"
    ]


def _shape(page: Path) -> dict[str, object]:
    prose = _WITHOUT_FIGURES.sub("", _FENCE.sub("", _text(page)))
    links = [re.sub(r"^(.*/d/[\w-]+?)(-ja)?(\?viewPanel=\d+)?$", r"\1\3", link) for link in _LINK.findall(prose)]
    links = [re.sub(r"\.ja(\.svg|\.png)$", r"\1", link) for link in links]
    return {
        "headings": re.findall(r"^(#+) ", prose, re.MULTILINE),
        "code": _code(page),
        "links": [link if "://" in link else Path(link.partition("#")[0] or page.name).name for link in links],
        "rows": [row.count("|") for row in re.findall(r"^\|.*\|$", prose, re.MULTILINE)],
        "points": re.findall(r"^(?:-|\d+\.) ", prose, re.MULTILINE),
    }


@each_japanese_page
def test_both_languages_have_the_same_parts_commands_and_links(page: Path) -> None:
    assert _shape(page) == _shape(DOCS / page.relative_to(DOCS / "ja"))


@pytest.mark.parametrize("page", [ROOT / "README.ja.md", *(DOCS / "ja").rglob("*.md")], ids=lambda page: page.stem)
def test_a_japanese_page_leads_to_japanese_pages(page: Path) -> None:
    """Where one is only there in English, that one; the English index, and its own English page, are meant."""
    led = [(page.parent / link.partition("#")[0]).resolve() for link in _LINK.findall(_text(page)) if "://" not in link]
    english = [place.relative_to(DOCS) for place in led if place.is_relative_to(DOCS) and place.suffix == ".md"]
    others = [place for place in english if place.name not in {"README.md", page.name}]
    assert [place for place in others if (DOCS / "ja" / place).exists()] == []
