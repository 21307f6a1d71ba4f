"""Keep what we write within the length that GitHub takes; it refuses the whole text otherwise."""

_MOST_CHARACTERS = 65_536
_TAIL_CHARACTERS = 2_000
_CUT = "\n\n… (cut here: GitHub takes no more)\n\n"


def fitting(text: str) -> str:
    """Give a body that fits: cut near its end, because its first and last lines tell most.

    Source: the 422 `body is too long (maximum is 65536 characters)` of GitHub's REST API
    """
    if len(text) <= _MOST_CHARACTERS:
        return text
    head = text[: _MOST_CHARACTERS - _TAIL_CHARACTERS - len(_CUT)]
    return f"{head}{_CUT}{text[-_TAIL_CHARACTERS:]}"
