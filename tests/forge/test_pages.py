"""The human pages show everything and run nothing."""

import re
from collections.abc import Callable

import pytest
import requests

from processor.forge import Forge

NAME = "octo/demo"
EVIL = "<script>alert('x')</script>"
Branch = Callable[..., str]


def page(forge: Forge, path: str, status: int = 200) -> str:
    answer = requests.get(forge.url + path, timeout=60)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.text


def test_the_first_page_leads_to_repositories_and_they_to_their_issues(forge: Forge) -> None:
    forge.open_issue(NAME, "Greeting is misspelt", labels=["bug"])
    assert f'<a href="{forge.url}/octo/demo">octo/demo</a>' in page(forge, "/")
    listed = page(forge, "/octo/demo")
    assert f'<a href="{forge.url}/octo/demo/issues/1">Greeting is misspelt</a>' in listed
    assert '<span class="label">bug</span>' in listed


def test_an_issue_shows_its_body_and_comments(forge: Forge) -> None:
    forge.open_issue(NAME, "Title", "The body", author="alice")
    forge.comment(NAME, 1, "A comment", author="bob")
    shown = page(forge, "/octo/demo/issues/1")
    assert all(text in shown for text in ("Title", "The body", "alice", "A comment", "bob", "pill open"))


def test_a_pull_request_shows_its_coloured_difference_and_reviews(forge: Forge, branch: Branch) -> None:
    branch("fix")
    forge.open_pull(NAME, title="Fix", head="fix", is_draft=True)
    forge.review_pull(NAME, 1, author="alice", body="Nice")
    shown = page(forge, "/octo/demo/pull/1")
    assert '<span class="del">-    return &quot;helo&quot;</span>' in shown
    assert '<span class="add">+    return &quot;hello&quot;</span>' in shown
    assert all(text in shown for text in ("pill draft", "reviewed: approved", "Nice"))
    forge.merge_pull(NAME, 1, force=True)
    assert "pill merged" in page(forge, "/octo/demo/pull/1")
    assert requests.get(f"{forge.url}/octo/demo/pull/1.diff", timeout=60).text.startswith("diff --git")


@pytest.mark.parametrize("path", ["/", "/octo/demo", "/octo/demo/issues/1", "/octo/demo/pull/2"])
def test_whatever_people_write_is_text(forge: Forge, branch: Branch, path: str) -> None:
    forge.edit_repository(NAME, description=EVIL)
    forge.open_issue(NAME, EVIL, EVIL, labels=[EVIL], author='"><b>')
    forge.comment(NAME, 1, EVIL)
    branch("fix", path="<i>.txt", content=EVIL)
    forge.open_pull(NAME, title=EVIL, head="fix", body=EVIL)
    shown = page(forge, path)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert not any(tag in shown for tag in ('"><b>', "<i>"))


def test_what_people_write_is_shown_as_markdown(forge: Forge) -> None:
    table = "| Check | New |\n| --- | ---: |\n| `ruff` | 0 |"
    fold = "<details><summary>Its words</summary>\n\n```text\nran <b>\n```\n\n</details>"
    forge.open_issue(NAME, "Title", f"<!-- ours -->\n\n### Gate\n\n**passed**\n\n{table}\n\n{fold}")
    shown = page(forge, "/octo/demo/issues/1")
    assert "<h3>Gate</h3>\n<p><strong>passed</strong></p>" in shown
    assert '<td><code>ruff</code></td>\n<td style="text-align:right">0</td>' in shown
    assert "<details><summary>Its words</summary>" in shown
    assert '<pre><code class="language-text">ran &lt;b&gt;\n</code></pre>\n</details>' in shown
    forge.comment(NAME, 1, "<!-- ours -->\nIt failed.")
    assert '<div class="text"><p>It failed.</p>' in page(forge, "/octo/demo/issues/1")
    assert "ours" not in page(forge, "/octo/demo/issues/1")


@pytest.mark.parametrize(
    "text",
    [
        "[click](javascript:alert(1))",
        "![x](http://127.0.0.1:1/pixel.png)",
        "<img src=x onerror=alert(1)>",
        "</details></td></table><script>alert(1)</script>",
        "<details><summary><img src=x></summary>\n\nx\n\n</details>",
        "<details open ontoggle=alert(1)><summary>x</summary>\n\n</details>",
        '[x](http://a" onclick="alert)',
        "<!-- --><script>alert(1)</script><!-- -->",
    ],
)
def test_no_markdown_runs_or_loads_anything(forge: Forge, text: str) -> None:
    forge.open_issue(NAME, "Title", text)
    shown = page(forge, "/octo/demo/issues/1")
    tags = "".join(re.findall(r"<[^>]*>", shown.partition('<div class="text">')[2].partition("</article>")[0]))
    assert not any(part in tags for part in ("<script", "<img", "javascript:", "ontoggle", "onerror", 'onclick="'))


def test_a_direction_mark_in_a_title_turns_nothing_else_round(forge: Forge) -> None:
    forge.open_issue(NAME, "Fix\u202e this", labels=["bug"])
    assert "a, .label, bdi { unicode-bidi: isolate; }" in page(forge, "/octo/demo")
    assert '<h1><bdi>Fix\u202e this</bdi> <span class="number">#1</span>' in page(forge, "/octo/demo/issues/1")


def test_an_unknown_page_is_a_404(forge: Forge) -> None:
    for path in ("/octo/none", "/octo/demo/issues/9", "/a/b/c/d/e"):
        page(forge, path, 404)
