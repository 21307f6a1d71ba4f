"""Decide from an issue's labels and words what kind of change answers it."""

import re
from collections.abc import Iterable

from processor.model import Issue

_DOCUMENT_LABELS = frozenset(
    {"documentation", "docs", "doc", "typo", "spelling", "readme", "translation", "changelog", "ドキュメント"}
)
_DOCUMENT_WORDS = re.compile(
    r"\b(?:docs|documentation|read\s?me|change\s?log|typos?|spelling|mis-?spell\w*|codespell|grammar|wording"
    r"|doc-?strings?|tutorial|licen[cs]e|contributing|translat\w+|dead\s+links?|broken\s+links?)\b"
    r"|ドキュメント|文書|誤字|脱字|誤記|翻訳|説明書|手順書|マニュアル|リンク切れ",
    re.IGNORECASE,
)
_LAYOUT_WORDS = re.compile(
    r"\b(?:white\s?-?space|indent\w*|format\w*|blank\s+lines?|new\s?lines?|line\s+(?:ends?|endings?|length)|lint\w*"
    r"|style|tabs?|comments?|noqa|annotations?|type:?\s?ignore)\b|\b[A-Z]{1,4}[0-9]{3,4}\b|空白|改行|インデント|整形|コメント",
    re.IGNORECASE,
)

_REMOVAL_WORDS = re.compile(
    r"\b(?:remov\w+|delet\w+|drop\w*|unused|unneeded|dead|obsolete|outdated|deprecat\w+|clean\w*|get\s+rid|prun\w+|eras\w+"
    r"|duplicat\w+|leftovers?|legacy|retir\w+)\b|削除|除去|不要|廃止|未使用|重複|撤去",
    re.IGNORECASE,
)


def wants_documentation(issue: Issue) -> bool:
    """Tell whether documentation alone can answer the issue: by a label, or by a word of its title.

    The body is not asked, for bodies quote documentation of everything.
    """
    parts = {part for label in issue.labels for part in re.split(r"[:/\s]+", label.lower())}
    return bool(parts & _DOCUMENT_LABELS) or _DOCUMENT_WORDS.search(issue.title) is not None


def wants_layout(issue: Issue) -> bool:
    """Tell whether white space or comments alone can answer the issue: it speaks of layout or names a linter's rule."""
    return _LAYOUT_WORDS.search(f"{issue.title}\n{issue.body}") is not None


def wants_removal(issue: Issue) -> bool:
    """Tell whether deleting files alone can answer the issue: it speaks of taking something away."""
    return _REMOVAL_WORDS.search(f"{issue.title}\n{issue.body}") is not None


def names_path(issue: Issue, path: str) -> bool:
    """Tell whether the issue names a file, by its path or by its last part."""
    text = f"{issue.title}\n{issue.body}".casefold()
    return any(_is_word_of(name.casefold(), text) for name in (path, path.rpartition("/")[2]))


def named_paths(issue: Issue) -> frozenset[str]:
    """Give the words of an issue that look like a path with a suffix, such as `src/app.py`."""
    text = f"{issue.title}\n{issue.body}"[:100_000]
    return frozenset(word.strip("./") for word in re.findall(r"[\w./-]{1,200}\.\w{1,8}\b", text))


def telling_words(texts: Iterable[str]) -> frozenset[str]:
    """Split texts, CamelCase and snake_case too, into lower-case words of four letters and more."""
    words: set[str] = set()
    for text in texts:
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
        words |= {word.lower() for word in re.findall(r"[^\W\d_]{4,}", spaced)}
    return frozenset(words)


def _is_word_of(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w/.-]){re.escape(name)}(?![\w/-])", text) is not None
