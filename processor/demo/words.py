"""Show strangers' text and numbers to a person: one line, nothing that steers the terminal. Pure."""

from rich.text import Text

_STYLES = {
    "success": "green",
    "rejected": "yellow",
    "skipped": "dim",
    "error": "red",
    "timeout": "red",
    "cancelled": "yellow",
}


def neutral(text: str) -> str:
    """Show control characters, direction marks and line ends instead of obeying them."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown_outcome(outcome: str) -> Text:
    """Give an outcome its colour."""
    return Text(outcome, style=_STYLES.get(outcome, "cyan"))


def shown_seconds(seconds: float | None) -> str:
    """Write seconds with one digit; `-` when there is nothing to measure."""
    return "-" if seconds is None else f"{seconds:.1f} s"
