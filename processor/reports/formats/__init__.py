"""One page, in the formats that people read."""

from collections.abc import Callable, Mapping

from processor.reports.formats.html import html
from processor.reports.formats.markdown import markdown
from processor.reports.formats.plain_text import plain_text
from processor.reports.page import Page

WRITERS: Mapping[str, Callable[[Page], str]] = {"html": html, "markdown": markdown, "text": plain_text}
SUFFIXES = {"json": "json", "html": "html", "markdown": "md", "text": "txt"}

__all__ = ["SUFFIXES", "WRITERS", "html", "markdown", "plain_text"]
