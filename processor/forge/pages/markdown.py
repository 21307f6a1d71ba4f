"""Show Markdown as GitHub does, and run nothing of it.

HTML in it stays text, but for what folds a part away and for comments, which nobody is to see. An image becomes a link:
a page asks no other server for anything. What is no web address, such as `javascript:`, is no link.
Source: https://github.github.com/gfm/
"""

import re
from functools import cache

from markdown_it import MarkdownIt

_FOLD = re.compile(
    r"<p>&lt;details&gt;&lt;summary&gt;([^<]*)&lt;/summary&gt;</p>(.*?)<p>&lt;/details&gt;</p>", re.DOTALL
)
_COMMENT = re.compile(r"<p>&lt;!--(?:(?!--&gt;).)*--&gt;(?:</p>|<br />)\n?", re.DOTALL)


def as_html(text: str) -> str:
    """Give HTML that is safe to put into a page, whoever wrote the text."""
    made = _COMMENT.sub(lambda found: "" if "</p>" in found[0] else "<p>", _renderer().render(text))
    return _FOLD.sub(r"<details><summary>\1</summary>\2</details>", made)


@cache
def _renderer() -> MarkdownIt:
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": True})
        .enable(["table", "strikethrough"])
        .disable(["image", "html_block", "html_inline"])
    )
