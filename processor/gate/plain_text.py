"""Make text of strangers fit to be shown on one line."""

import unicodedata

_LONGEST = 300


def one_line(text: str, longest: int = _LONGEST) -> str:
    """Turn control, format (text direction among them) and odd space characters into spaces, and cut to `longest`."""
    shown = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    words = " ".join(shown.split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def counted(number: int, thing: str) -> str:
    """Write a number with its thing: `1 file`, `3 files`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
