"""The lists are the handbook's, item by item and in its words; both languages name everything that is shown."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from processor.checklists import judging
from processor.checklists.items import ITEMS
from processor.checklists.words import Words, texts
from processor.model import CHECKLIST_SECTIONS

HANDBOOK = {
    "システム健全性 (毎朝9:00)": [
        "システムステータス確認",
        "プロセス生存確認",
        "リソース使用率確認（CPU < 70%, Memory < 80%, Disk < 80%）",
        "ログエラー確認（前日分）",
    ],
    "処理状況確認 (毎朝9:15)": [
        "前日処理Issue数確認",
        "成功率確認（目標: >85%）",
        "処理待ちキュー確認",
        "異常な処理時間Issue確認",
    ],
    "運用メトリクス (毎朝9:30)": [
        "API使用量確認",
        "ストレージ使用量確認",
        "バックアップ状況確認",
        "セキュリティアラート確認",
    ],
    "品質監視 (毎朝9:45)": [
        "生成されたPRの品質確認",
        "テスト失敗率確認",
        "コードレビュー待ちPR確認",
        "品質ゲート失敗Issue確認",
    ],
    "パフォーマンス分析": [
        "週次パフォーマンスレポート生成",
        "処理時間トレンド分析",
        "リソース使用傾向確認",
        "ボトルネック特定",
    ],
    "設定最適化": ["並列処理数調整検討", "品質ゲート基準見直し", "タイムアウト設定確認", "キャッシュ設定最適化"],
    "保守作業": ["ログローテーション確認", "依存関係更新確認", "セキュリティパッチ適用", "データベース最適化"],
    "レポート作成": ["運用サマリーレポート作成", "改善提案書作成", "インシデント振り返り", "次週運用計画策定"],
}
AT = {"system_health": "9:00", "processing": "9:15", "metrics": "9:30", "quality": "9:45"}


def test_sections_and_items_are_those_of_the_handbook():
    words = Words("ja")
    sections = [section for sections in CHECKLIST_SECTIONS.values() for section in sections]
    shown = {
        words("page", "sections", section).format(at=AT.get(section, "")): [
            words("items", item.name, "title") for item in ITEMS if item.section == section
        ]
        for section in sections
    }
    assert shown == HANDBOOK


def test_each_item_has_its_words_and_no_words_are_left_over():
    assert [item.name for item in ITEMS] == list(texts()["items"])
    for item in texts()["items"].values():
        assert {part: set(said) for part, said in item.items()} == {"title": {"en", "ja"}, "look": {"en", "ja"}}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("kind", "made_by"),
    [("evidence", {"count", "percent", "seconds", "text", "Evidence"}), ("reasons", {"because"})],
)
def test_each_piece_of_evidence_and_each_reason_has_its_words(language, kind, made_by):
    named = {name for path in Path(judging.__path__[0]).glob("*.py") for name in _named(path, made_by)}
    assert named == {name for name in texts()["page"][kind] if Words(language)("page", kind, name)}


def _named(path: Path, made_by: set[str]) -> Iterator[str]:
    """Give the names that the calls of some functions in a file have as their first word."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in made_by:
            first = call.args[0] if call.args else next(one.value for one in call.keywords if one.arg == "name")
            yield from (one.value for one in ast.walk(first) if isinstance(one, ast.Constant))
