"""The OpenAPI description holds: whatever is sent, no route fails, and each answers what it says it answers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from processor.model import Outcome
from tests.api.serving import Serving, serving

ROOT = Path(__file__).parents[2]
CHECKS = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("description")) as started:
        started.scene.finish(10, Outcome.ERROR)
        started.scene.start(12)
        started.scene.queue(13)
        yield started


def test_every_route_does_what_it_says(api: Serving) -> None:
    described = schemathesis.openapi.from_url(f"{api.url}/openapi.json")
    tried = [_try(api, found.ok()) for found in described.get_all_operations()]
    assert len(tried) > 15


def _try(api: Serving, operation: schemathesis.APIOperation) -> str:
    token = "open-sesame" if operation.path == "/api/alerts" else api.token

    right, wrong = (
        operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )

    @given(case=right | wrong)
    @settings(
        max_examples=10, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def answers_as_described(case: schemathesis.Case) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS, timeout=60)

    answers_as_described()
    return operation.label


def test_every_route_is_described(api: Serving) -> None:
    paths = api.get("/openapi.json").json()["paths"]
    assert {
        "/api/status",
        "/api/metrics",
        "/api/queue",
        "/api/runs",
        "/api/runs/{run_id}",
        "/api/alerts",
    } <= paths.keys()
    undescribed = [
        f"{method} {path}"
        for path, methods in paths.items()
        for method, told in methods.items()
        if not told.get("summary") or not told["responses"]["200"].get("content")
    ]
    assert undescribed == []


def test_whoever_shows_no_token_changes_nothing(api: Serving) -> None:
    told = api.get("/openapi.json").json()["paths"]
    writing = [(way, path) for path, ways in told.items() for way in ways if way != "get" and path != "/api/alerts"]
    assert len(writing) >= 9
    for way, path in writing:
        answer = api.http.request(way, api.url + re.sub("{[^}]+}", "x", path), timeout=60)
        assert answer.status_code == 401, f"{way} {path}"


def test_the_page_for_people_tells_everything(api: Serving) -> None:
    page, told = api.get("/docs").text, api.get("/openapi.json").json()
    sections = dict(re.findall(r'<h[34] id="([^"]+)">(.*?)(?=<h[234]|</html>)', page, re.DOTALL))
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            section = sections.pop(operation["operationId"])
            assert section.startswith(f"<code>{method.upper()} {path}</code>")
            named = {*operation["responses"], *(one["name"] for one in operation.get("parameters", []))}
            assert [name for name in named if f">{name}<" not in section] == []
    assert sections.keys() == told["components"]["schemas"].keys()
    for name, schema in told["components"]["schemas"].items():
        assert [key for key in schema.get("properties", {}) if f"<code>{key}</code>" not in sections[name]] == []
    assert set(re.findall('href="#([^"]+)"', page)) <= set(re.findall(' id="([^"]+)"', page))


def test_the_page_for_people_asks_nobody(api: Serving) -> None:
    answer = api.get("/docs")
    assert not re.search("<script|src=|@import|url[(]|https?://|//cdn", answer.text)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("page", ["docs/api.md", "docs/ja/api.md"])
def test_the_document_names_every_route_once(api: Serving, page: str) -> None:
    told = api.get("/openapi.json").json()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in told.items() for method in methods}
    document = (ROOT / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`(?:GET|POST|PUT|DELETE) .*?) \|", document, re.MULTILINE)
    named = [one if " " in one else f"GET {one}" for row in rows for one in re.findall(r"`([^`]+)`", row)]
    assert sorted(re.sub(r"/[A-Z]+", "/X", one) for one in named) == sorted(
        re.sub("{[^}]+}", "X", route) for route in routes - {"POST /api/alerts"}
    )


def test_no_answer_is_an_object_of_which_nothing_is_said(api: Serving) -> None:
    told = api.get("/openapi.json").json()
    answers = [
        (f"{method} {path} {status}", content["schema"])
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
        for status, answer in operation["responses"].items()
        for content in answer.get("content", {}).values()
    ]
    open_objects = [
        place
        for place, schema in (*answers, *told["components"]["schemas"].items())
        for part in _parts(schema)
        if _is_open(part)
    ]
    assert open_objects == []


def _is_open(schema: dict[str, Any]) -> bool:
    is_told = schema.keys() & {"properties", "additionalProperties", "patternProperties"}
    return schema.get("additionalProperties") is True or (schema.get("type") == "object" and not is_told)


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Give a schema and every schema inside it."""
    if isinstance(schema, dict):
        yield schema
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for one in inner:
        yield from _parts(one)
