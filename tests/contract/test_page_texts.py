"""The generated pages have every text in both languages, and no text that nobody sees."""

import re
from pathlib import Path

import pytest

from scripts.page_texts import Texts

ROOT = Path(__file__).parents[2]
JAPANESE_LETTER = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def test_a_text_that_has_no_japanese_is_named() -> None:
    texts = Texts("settings", "ja")
    assert texts("a text of tomorrow") == "a text of tomorrow"
    assert texts.faults()[0] == (
        "scripts/texts/settings.ja.yml has no words for 'a text of tomorrow'; write them there"
    )  # fmt: skip


def test_words_that_no_page_shows_are_named() -> None:
    idle = Texts("metrics", "ja").faults()
    assert "scripts/texts/metrics.ja.yml has words for 'family', which the page does not show; delete them" in idle


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("a whole number from 1 to 64", "1〜64 の整数"),
        ("a list, each item text such as F401", "リスト（要素: 文字列。例: F401）"),
        ("from_issue or a list, each item text", "from_issue またはリスト（要素: 文字列）"),
        ("one of auto, low", "auto, low のいずれか"),
    ],
)
def test_values_stay_and_the_words_around_them_change(english: str, japanese: str) -> None:
    assert Texts("settings", "ja")(english) == japanese


@pytest.mark.parametrize("page", ["settings", "metrics"])
def test_each_meaning_on_a_japanese_page_is_japanese(page: str) -> None:
    text = (ROOT / "docs" / "ja" / f"{page}.md").read_text(encoding="utf-8")
    column = 5 if page == "settings" else 4
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `") and line.count(" | ") >= 4]
    assert len(rows) > 50
    meanings = [row[column - 1] for row in rows]
    assert [one for one in meanings if not JAPANESE_LETTER.search(one) and one != "OWNER/REPO"] == []
