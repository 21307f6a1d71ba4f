"""Every text is there in both languages, and every text that is there is shown."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from grafana.src.catalogue import BOARDS
from grafana.src.words import LANGUAGES, TEXTS, Words, read
from tests.grafana.boards import boards

FILES = sorted(path.stem for path in TEXTS.glob("*.yml"))


def texts(found: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """Give each text with its place: the innermost maps."""
    if all(not isinstance(value, dict) for value in found.values()):
        yield above, found
        return
    for key, value in found.items():
        yield from texts(value, (*above, key))


@pytest.mark.parametrize("name", FILES)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    wrong = {
        ".".join(place): found
        for place, found in texts(read(name))
        if set(found) != set(LANGUAGES) or not all(isinstance(text, str) and text.strip() for text in found.values())
    }
    assert wrong == {}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_shown(name: str, language: str) -> None:
    shown = [board for board in boards() if name == "shared" or board["uid"] == Words(name, language).uid(name)]
    everything = "\n".join(json.dumps(board, ensure_ascii=False) for board in shown)
    idle = [
        ".".join(place)
        for place, found in texts(read(name))
        if json.dumps(found[language], ensure_ascii=False)[1:-1] not in everything
        and not (place[0] == "boards" and place[1] not in BOARDS)
    ]
    assert idle == []


def test_a_text_that_is_not_written_is_named() -> None:
    with pytest.raises(KeyError, match=r"texts/operations\.yml has no panels\.nowhere\.title\.ja; write it there"):
        Words("operations", "ja")("panels", "nowhere", "title")
