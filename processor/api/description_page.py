"""`/docs`: the OpenAPI description as one page for people; it needs no script and asks nobody for anything."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from processor.api.schema_words import in_words, properties

_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"}
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: break-word; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1rem; }
th, td { border: 1px solid #8886; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; }
h3 { border-top: 1px solid #8886; padding-top: 0.75rem; }
h3:target, h4:target { background: #fd08; }
"""
#: What the framework writes where nothing is said of an answer.
_UNSAID = "Successful Response"
Operation = Mapping[str, Any]


def add_description_page(app: FastAPI) -> None:
    """Answer `/docs` with the page."""

    @app.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    def get_docs() -> HTMLResponse:
        return HTMLResponse(description_page(app.openapi()), headers=_HEADERS)


def description_page(described: Mapping[str, Any]) -> str:
    """Write the page of an OpenAPI description."""
    about = described["info"]
    title = escape(f"{about['title']} {about['version']}")
    return "\n".join(
        [
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}: HTTP API</title>',
            f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>',
            f"<h1>{title}: HTTP API</h1>",
            *(f"<p>{_inline(part)}</p>" for part in about.get("description", "").strip().split("\n\n")),
            '<p>For programs: <a href="openapi.json">openapi.json</a></p>',
            _table(("Route", "Does"), ((_lead(one), escape(one["summary"])) for one in _operations(described))),
            *(_operation(one) for one in _operations(described)),
            "<h2>Objects</h2>",
            *(_object(name, schema) for name, schema in sorted(described["components"]["schemas"].items())),
            "</html>",
        ]
    )


def _operations(described: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield {**operation, "route": f"{method.upper()} {path}"}


def _lead(operation: Operation) -> str:
    return f'<a href="#{escape(operation["operationId"])}"><code>{escape(operation["route"])}</code></a>'


def _operation(operation: Operation) -> str:
    parameters = operation.get("parameters", [])
    body = operation.get("requestBody", {}).get("content", {})
    return "\n".join(
        [
            f'<h3 id="{escape(operation["operationId"])}"><code>{escape(operation["route"])}</code></h3>',
            f"<p>{escape(operation['summary'])}.</p>",
            _table(("Parameter", "Is", "Means"), map(_parameter, parameters)) if parameters else "",
            *(f"<p>Body, {escape(kind)}:</p>{_content(content['schema'])}" for kind, content in body.items()),
            _table(("Status", "Means", "Body"), (_answer(*one) for one in sorted(operation["responses"].items()))),
        ]
    )


def _parameter(parameter: Mapping[str, Any]) -> tuple[str, str, str]:
    place = escape(f"in the {parameter['in']}" + (", needed" if parameter.get("required") else ""))
    name = f"<code>{escape(parameter['name'])}</code>"
    return f"{name} {place}", in_words(parameter["schema"]), escape(parameter.get("description", ""))


def _answer(status: str, answer: Mapping[str, Any]) -> tuple[str, str, str]:
    bodies = (_content(content.get("schema", {})) for content in answer.get("content", {}).values())
    means = "done" if answer["description"] == _UNSAID else answer["description"]
    return escape(status), escape(means), ", ".join(bodies)


def _content(schema: Mapping[str, Any]) -> str:
    """Name what is described below; what stands here alone is told here."""
    if "properties" not in schema:
        return in_words(schema)
    return _table(("Key", "Is", "Means", "Example"), properties(schema))


def _object(name: str, schema: Mapping[str, Any]) -> str:
    told = _table(("Key", "Is", "Means", "Example"), properties(schema)) if "properties" in schema else in_words(schema)
    return f'<h4 id="{escape(name)}">{escape(name)}</h4><p>{_inline(schema.get("description", ""))}</p>{told}'


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{one}</th>" for one in headings)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _inline(text: str) -> str:
    """Escape a docstring, and set what stands in backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))
