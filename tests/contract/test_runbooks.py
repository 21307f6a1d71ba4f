"""Every alert has its runbook: a short page whose queries can be asked, served as the page that the alert links to."""

import re
import subprocess
import sys
from pathlib import Path

import promql_parser
import pytest

from tests.contract.alerts import ALERTS, RECORDED, ROOT
from tests.contract.expressions import selectors
from tests.contract.families import exposed

RUNBOOKS = ROOT / "docs" / "runbooks"
INDEX = RUNBOOKS / "README.md"
#: For the rules that `aip alerts import` makes, whatever they are called.
IMPORTED = "Imported"
PAGES = sorted(path for path in RUNBOOKS.glob("*.md") if path != INDEX)
SECTIONS = ["Meaning", "Impact", "Diagnosis", "Mitigation", "How it resolves"]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def test_alerts_and_runbooks_belong_to_each_other() -> None:
    assert {page.stem for page in PAGES} == {rule.name for rule in ALERTS} | {IMPORTED}


@each_page
def test_a_runbook_has_its_five_parts(page: Path) -> None:
    title, *parts = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert title.strip() == f"# {page.stem}" or page.stem == IMPORTED
    assert [part.partition("\n")[0] for part in parts] == SECTIONS
    assert all(part.partition("\n")[2].strip() for part in parts)


@each_page
def test_the_queries_of_a_runbook_ask_for_what_is_there(page: Path) -> None:
    recorded = {rule.name for rule in RECORDED}
    for query in _queries(page.read_text(encoding="utf-8")):
        for node in selectors(query):
            name = node.expr.name
            known = name is None or name in recorded or name in exposed()
            assert known or name.startswith(("prometheus_", "alertmanager_")), f"{name} is exposed by nobody"


def _queries(text: str) -> list[str]:
    """Give the queries of the blocks: one a line, unless the lines make one together."""
    found = []
    for block in re.findall(r"^```promql\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        lines = block.strip().splitlines()
        found += lines if all(map(_is_query, lines)) else [block]
    return found


def _is_query(text: str) -> bool:
    try:
        promql_parser.parse(text)
    except ValueError:
        return False
    return True


@each_page
def test_the_metrics_that_a_runbook_names_exist(page: Path) -> None:
    named = set(re.findall(r"`(aip_[a-z0-9_]+)`", page.read_text(encoding="utf-8")))
    assert named <= set(exposed())


def test_the_index_says_what_each_alert_says() -> None:
    rows = re.findall(r"^\| \[(\w+)\]\(\1\.md\) \| (\w+) \| (.+) \|$", INDEX.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted((rule.name, rule.labels["severity"], rule.annotations["summary"]) for rule in ALERTS)


def test_the_pages_that_prometheus_serves_are_up_to_date() -> None:
    check = [sys.executable, "scripts/generate-runbook-pages", "--check"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
