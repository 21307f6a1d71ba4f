"""Draw the index page: where the metrics are, and how each collector does."""

from collections.abc import Sequence
from html import escape
from string import Template
from typing import Final

from exporter.watched import Standing

_PAGE: Final = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>aip-exporter</title>
<style>
:root { color-scheme: light dark; --line: #d0d7de; --good: #1a7f37; --bad: #cf222e; --dim: #59636e; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --good: #3fb950; --bad: #f85149; --dim: #9198a1; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; }
p { margin: .4rem 0 1.4rem; color: var(--dim); }
nav a { display: inline-block; margin: 0 1rem 1.4rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
th { white-space: nowrap; }
[role=status] { margin-bottom: 1.4rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
</style>
</head>
<body>
<h1>aip-exporter $version</h1>
<p>Metrics of the Auto Issue Processor: what happened to issues, from its ledger, and how this host does.</p>
<nav><a href="metrics">metrics</a><a href="-/healthy">healthy</a><a href="-/ready">ready</a></nav>
<div role="status" class="$tone">$ready</div>
<table>
<thead><tr><th>collector</th><th>state</th><th>took</th><th>last success</th></tr></thead>
<tbody>
$rows
</tbody>
</table>
</body>
</html>
""")


def index_page(standings: Sequence[Standing], trouble: str | None, version: str, now: float) -> str:
    """Give the page as HTML; `now` is seconds of the epoch."""
    return _PAGE.substitute(
        version=escape(version),
        ready="ready" if trouble is None else escape(trouble),
        tone="good" if trouble is None else "bad",
        rows="\n".join(_row(standing, now) for standing in standings),
    )


def _row(standing: Standing, now: float) -> str:
    took = f"{1000 * standing.duration_seconds:.1f} ms" if standing.last_success_at is not None else ""
    last = "" if standing.last_success_at is None else f"{max(0.0, now - standing.last_success_at):.0f} s ago"
    if standing.problem is not None:
        state, tone = standing.problem, "bad"
    elif standing.is_fresh:
        state, tone = "good", "good"
    else:
        state, tone = "not asked yet", ""
    cells = (
        f"<td>{escape(standing.name)}</td>",
        f'<td class="{tone}">{escape(state)}</td>',
        f'<td class="number">{took}</td><td class="number">{last}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>"
