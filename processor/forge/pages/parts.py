"""The pieces that pages are made of; everything that comes from outside is escaped here."""

import html
from collections.abc import Iterable

from processor.forge.pages.markdown import as_html
from processor.forge.pages.style import STYLE
from processor.forge.rest.links import Links
from processor.forge.storage.records import Issue, Pull, Repository


def escaped(text: str | None) -> str:
    """Return text safe for element content and for quoted attributes."""
    return html.escape(text or "", quote=True)


def page(title: str, crumbs: Iterable[tuple[str, str]], content: str) -> str:
    """Return a whole page; `crumbs` are name and address, unescaped."""
    trail = " / ".join(f'<a href="{escaped(address)}">{escaped(name)}</a>' for name, address in crumbs)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escaped(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style>'
        f"<header>{trail}</header><main>{content}</main></html>"
    )


def state_pill(issue: Issue, pull: Pull | None) -> str:
    """Return the state in its colour."""
    if pull is None:
        name = issue.state
    elif pull.merged_at:
        name = "merged"
    elif issue.state == "closed":
        return '<span class="pill shut">closed</span>'
    else:
        name = "draft" if pull.is_draft else "open"
    return f'<span class="pill {name}">{name}</span>'


def labels(names: Iterable[str]) -> str:
    """Return label pills."""
    return "".join(f'<span class="label">{escaped(name)}</span>' for name in names)


def rows(links: Links, repository: Repository, found: Iterable[tuple[Issue, Pull | None]]) -> str:
    """Return issues or pull requests as a list."""
    lines = [
        f"<li>{state_pill(issue, pull)} "
        f'<a href="{escaped(links.issue_page(repository, issue))}">{escaped(issue.title)}</a>{labels(issue.labels)}'
        f'<br><span class="soft">#{issue.number} opened {escaped(issue.created_at)} by '
        f"{escaped(issue.author)}</span></li>"
        for issue, pull in found
    ]
    return f'<ul class="rows">{"".join(lines)}</ul>' if lines else '<p class="soft">None yet.</p>'


def words(author: str, moment: str, text: str | None, *, verb: str = "wrote", anchor: str = "") -> str:
    """Return what somebody wrote."""
    shown = as_html(text) if text else '<span class="soft">Nothing was written.</span>'
    heading = f"<b>{escaped(author)}</b> {escaped(verb)} <span class='soft'>{escaped(moment)}</span>"
    return f'<article id="{escaped(anchor)}"><h3>{heading}</h3><div class="text">{shown}</div></article>'


def difference(path: str, patch: str | None, added: int, deleted: int) -> str:
    """Return one file's coloured difference."""
    colours = {"+": "add", "-": "del", "@": "hunk", "\\": "hunk"}
    lines = "".join(
        f'<span class="{colours.get(line[:1], "same")}">{escaped(line) or " "}</span>'
        for line in (patch or "Binary file or no text change.").split("\n")
    )
    counts = f'<span class="soft">+{added} −{deleted}</span>'
    return f"<article><h3>{escaped(path)} {counts}</h3><pre>{lines}</pre></article>"
