"""Find misspelled words in prose: comments, sentences in strings, and text files; names in code are left alone."""

import io
import re
import subprocess
import sys
import tokenize
from collections import defaultdict
from pathlib import Path, PurePosixPath

from processor.errors import ResourceError

_CODESPELL_SECONDS = 120
#: Exit codes of codespell: nothing found, and something found.
_FINE = {0, 65}
_LINE = re.compile(r"^(?:\./)?(?P<path>.+?):(?P<line>[0-9]+): (?P<wrong>\S+) ==> (?P<right>.+)$")
_WORD = re.compile(r"[\w\-'’]+")  # codespell's own idea of a word
_PYTHON_SUFFIXES = {".py", ".pyi"}
_PROSE_SUFFIXES = {".md", ".rst"}

Misspelling = tuple[int, str, str]


def find_misspellings(tree: Path) -> dict[str, tuple[Misspelling, ...]]:
    """Look through a tree; path → (line, wrong, right).

    The recipe corrects a whole file, so a file is named only when every word that codespell would change in it is
    prose: renaming a variable is no spelling correction.

    Raises:
        ResourceError: codespell does not work here.
    """
    found: dict[str, list[Misspelling]] = defaultdict(list)
    for text in _run_codespell(tree):
        match = _LINE.match(text)
        # Several candidates, or a remark behind a bar, mean that codespell leaves the word alone.
        if match and not re.search(r"[,|]", match["right"]):
            found[match["path"]].append((int(match["line"]), match["wrong"], match["right"].strip()))
    return {
        path: tuple(sorted(words))
        for path, words in sorted(found.items())
        if _is_all_prose(tree / path, {wrong for _, wrong, _ in words})
    }


def _run_codespell(tree: Path) -> list[str]:
    argv = [sys.executable, "-P", "-m", "codespell_lib", "--", "."]
    done = subprocess.run(argv, cwd=tree, capture_output=True, timeout=_CODESPELL_SECONDS, check=False)
    if done.returncode not in _FINE:
        said = done.stderr.decode(errors="replace").strip()
        raise ResourceError(f"codespell ended with exit code {done.returncode}: {said}; install it again with pip")
    return done.stdout.decode(errors="replace").splitlines()


def _is_all_prose(file: Path, words: set[str]) -> bool:
    suffix = PurePosixPath(file).suffix
    if suffix not in _PYTHON_SUFFIXES:
        return suffix in _PROSE_SUFFIXES
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline))
    except (tokenize.TokenError, SyntaxError):
        return False
    return not any(words & set(_WORD.findall(token.string)) for token in tokens if not _is_prose(token))


def _is_prose(token: tokenize.TokenInfo) -> bool:
    """Tell a comment or a sentence from code; a string without a space may be a key that other files spell the same."""
    if token.type == tokenize.COMMENT:
        return True
    return token.type == tokenize.STRING and " " in token.string.strip()
