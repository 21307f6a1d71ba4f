"""Compare the names of labels and logins as people mean them."""

from unicodedata import normalize


def folded(name: str) -> str:
    """Give a name the form in which it is compared: in any letter case, and however its accents are encoded."""
    return normalize("NFC", normalize("NFC", name).casefold())
