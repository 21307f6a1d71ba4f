"""Every alert has its runbook in both languages: a short page whose queries and commands work, served by Prometheus."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import promql_parser
import pytest

from tests.contract.alerts import ALERTS, RECORDED, ROOT
from tests.contract.command_line import commands, complaint
from tests.contract.expressions import selectors
from tests.contract.families import exposed

#: For the rules that `aip alerts import` makes, whatever they are called.
IMPORTED = "Imported"
_FENCE = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Edition:
    """The runbooks in one language."""

    folder: Path
    sections: tuple[str, ...]
    summary: str

    @property
    def index(self) -> Path:
        return self.folder / "README.md"

    @property
    def pages(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*.md") if path != self.index)


ENGLISH = Edition(
    ROOT / "docs" / "runbooks", ("Meaning", "Impact", "Diagnosis", "Mitigation", "How it resolves"), "summary"
)
JAPANESE = Edition(ROOT / "docs" / "ja" / "runbooks", ("意味", "影響", "診断", "対処", "解消の条件"), "summary_ja")
EDITIONS = (ENGLISH, JAPANESE)
each_page = pytest.mark.parametrize(
    ("edition", "page"),
    [
        pytest.param(edition, page, id=str(page.relative_to(ROOT / "docs")))
        for edition in EDITIONS
        for page in edition.pages
    ],
)
each_edition = pytest.mark.parametrize("edition", EDITIONS, ids=("en", "ja"))
each_japanese_page = pytest.mark.parametrize("page", JAPANESE.pages, ids=lambda page: page.stem)


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _blocks(page: Path, language: str) -> list[str]:
    return [block for kind, block in _FENCE.findall(_text(page)) if kind == language]


@each_edition
def test_alerts_and_runbooks_belong_to_each_other(edition: Edition) -> None:
    assert {page.stem for page in edition.pages} == {rule.name for rule in ALERTS} | {IMPORTED}


@each_page
def test_a_runbook_has_its_five_parts(edition: Edition, page: Path) -> None:
    title, *parts = re.split(r"^## ", _text(page), flags=re.MULTILINE)
    assert title.strip() == f"# {page.stem}" or page.stem == IMPORTED
    assert tuple(part.partition("\n")[0] for part in parts) == edition.sections
    assert all(part.partition("\n")[2].strip() for part in parts)


@each_page
def test_the_queries_of_a_runbook_ask_for_what_is_there(edition: Edition, page: Path) -> None:  # noqa: ARG001
    recorded = {rule.name for rule in RECORDED}
    for query in _queries(page):
        for node in selectors(query):
            name = node.expr.name
            known = name is None or name in recorded or name in exposed()
            assert known or name.startswith(("prometheus_", "alertmanager_")), f"{name} is exposed by nobody"


def _queries(page: Path) -> list[str]:
    """Give the queries of the blocks: one a line, unless the lines make one together."""
    found = []
    for block in _blocks(page, "promql"):
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
def test_the_metrics_that_a_runbook_names_exist(edition: Edition, page: Path) -> None:  # noqa: ARG001
    named = set(re.findall(r"`(aip_[a-z0-9_]+)`", _text(page)))
    assert named <= set(exposed())


@each_page
def test_the_commands_of_a_runbook_are_taken(edition: Edition, page: Path) -> None:  # noqa: ARG001
    found = [words for block in _blocks(page, "sh") for words in commands(block)]
    assert {" ".join(words): said for words in found if (said := complaint(words))} == {}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("aip queue show octo/hello#42  # its story", ("queue", "show", "octo/hello#42")),
        ('docker compose exec processor aip pause --reason "a b"', ("pause", "--reason", "a b")),
        ("sudo -u aip env A=/b /opt/aip/bin/aip status | head", ("status",)),
        ("sudo aip check", ("check",)),
        ("cd x && aip check", ("check",)),
    ],
)
def test_commands_are_found_behind_what_runs_them(line: str, words: tuple[str, ...]) -> None:
    assert list(commands(line)) == [words]


@pytest.mark.parametrize("line", ["aip queue list --al", "aip logs", "aip once a/b#1 a/b#2", "aip quit"])
def test_a_command_that_is_not_there_is_noticed(line: str) -> None:
    (words,) = commands(line)
    assert complaint(words)


def _code(page: Path) -> list[tuple[str, str]]:
    """Give the blocks of a page without their comments, which are in its language."""
    return [(kind, re.sub(r"(?m)\s*(?:^|(?<=\s))#.*$", "", block)) for kind, block in _FENCE.findall(_text(page))]


@each_japanese_page
def test_both_languages_have_the_same_commands_and_queries(page: Path) -> None:
    assert _code(page) == _code(ENGLISH.folder / page.name)


def _leads(page: Path) -> list[str]:
    """Give where the links of a page lead, whatever its language: panels, and runbooks."""
    panels = re.findall(r"\]\(\S+/d/([\w-]+?)(?:-ja)?(\?viewPanel=\d+)?\)", _text(page))
    return [board + panel for board, panel in panels] + re.findall(r"\]\((\w+)\.md\)", _text(page))


@each_japanese_page
def test_both_languages_lead_to_the_same_panels_and_runbooks(page: Path) -> None:
    assert _leads(page) == _leads(ENGLISH.folder / page.name)


@each_edition
def test_the_index_says_what_each_alert_says(edition: Edition) -> None:
    rows = re.findall(r"^\| \[(\w+)\]\(\1\.md\) \| (\w+) \| (.+) \|$", _text(edition.index), re.MULTILINE)
    assert sorted(rows) == sorted(
        (rule.name, rule.labels["severity"], rule.annotations[edition.summary]) for rule in ALERTS
    )


@pytest.mark.parametrize("script", ["fill-panel-links", "generate-runbook-pages"])
def test_what_is_generated_is_up_to_date(script: str) -> None:
    assert _run(script, "--check") == (0, "")


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("Operations › Burn rate", '"Operations › Burn rate" names no panel; Operations has: Act now, Look today, '),
        ("Nowhere › Queue", '"Nowhere › Queue" names no dashboard; there are: Checklists, Cost, '),
        ("SLO › Objective", '"SLO › Objective" names 2 panels; write "SLO › Success of runs › Objective" or "SLO › '),
    ],
)
def test_a_link_to_a_panel_that_is_not_there_is_a_fault(link: str, fault: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"[{link}](http://localhost:3000/d/x?viewPanel=0)\n", encoding="utf-8")
    code, said = _run("fill-panel-links", str(tmp_path))
    assert code == 1
    assert said.startswith(f"{page}: {fault}")


def test_a_link_leads_to_the_panel_that_it_names(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    written = "[SLO › Success of runs › Burn rate](http://localhost:3000/d/x) [SLO](http://localhost:3000/d/)\n"
    page.write_text(written, encoding="utf-8")
    assert _run("fill-panel-links", str(tmp_path)) == (0, "")
    assert re.findall(r"/d/(.*?)\)", page.read_text(encoding="utf-8")) == ["aip-slo?viewPanel=6", "aip-slo"]


def _run(script: str, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, f"scripts/{script}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr
