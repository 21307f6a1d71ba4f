"""What the documents name is there: links, commands, options, settings, events, agents; both READMEs in step."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml

from processor.agents.profiles import PROFILES
from processor.cli import forge
from processor.cli.alerts import group as alerts
from processor.cli.backup import group as backup
from processor.cli.canary import group as canary
from processor.cli.capacity import group as capacity
from processor.cli.checklist import group as checklist
from processor.cli.config import group as config
from processor.cli.imports import group as imports
from processor.cli.lazy import load_command
from processor.cli.ledger import group as ledger
from processor.cli.main import COMMANDS, main
from processor.cli.queue import group
from processor.cli.report import group as report
from processor.logs import event_lines, events
from processor.settings.load import FILES, load_settings
from processor.settings.sections import SecurityFile

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
PLACES = {
    **{(one.name,): one.place for one in COMMANDS},
    **{("queue", one.name): one.place for one in group.COMMANDS},
    **{("alerts", one.name): one.place for one in alerts.COMMANDS},
    **{("backup", one.name): one.place for one in backup.COMMANDS},
    **{("canary", one.name): one.place for one in canary.COMMANDS},
    **{("capacity", one.name): one.place for one in capacity.COMMANDS},
    **{("config", one.name): one.place for one in config.COMMANDS},
    **{("forge", one.name): one.place for one in forge.COMMANDS},
    **{("import", one.name): one.place for one in imports.COMMANDS},
    **{("ledger", one.name): one.place for one in ledger.COMMANDS},
    **{("checklist", one.name): one.place for one in checklist.COMMANDS},
    **{("report", one.name): one.place for one in report.COMMANDS},
}
GROUPS = {
    (name,)
    for name in (
        "queue",
        "backup",
        "canary",
        "capacity",
        "checklist",
        "config",
        "alerts",
        "forge",
        "import",
        "ledger",
        "report",
    )
}
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_CALL = re.compile(r"(?:^|[$|;&(]\s*)aip ([^\n|;&#)]+)", re.MULTILINE)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _prose(path: Path) -> str:
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def _links(path: Path) -> list[str]:
    return [link for link in _LINK.findall(_prose(path)) if "://" not in link]


@cache
def _anchors(path: Path) -> frozenset[str]:
    headings = re.findall(r"^#+ (.+)$", _prose(path), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings)


def _blocks(path: Path, language: str) -> list[str]:
    return [text for kind, text in _FENCE.findall(path.read_text(encoding="utf-8")) if kind == language]


def _calls(path: Path) -> list[tuple[str, ...]]:
    """Find what is written as a command, in shell blocks and as code in a sentence; the words after `aip`."""
    shell = "".join(_blocks(path, "sh"))
    code = "\n".join(re.findall(r"`([^`\n]+)`", _prose(path)))
    found = [tuple(words.split()) for words in _CALL.findall(f"{shell}\n{code}")]
    return [words for words in found if words and words[0] != "…"]


def _command_of(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[:2] if words[:1] in GROUPS else words[:1]


CALLS = sorted({words for path in DOCUMENTS for words in _calls(path)})
NAMED = sorted({_command_of(words) for words in CALLS if not words[0].startswith("-")})
YAML_BLOCKS = [
    pytest.param(text, id=f"{_name(path)}-{number}")
    for path in DOCUMENTS
    for number, text in enumerate(_blocks(path, "yaml"), start=1)
    if not text.startswith("# prometheus/")  # tests/monitoring has promtool look at those
]


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_every_relative_link_leads_somewhere(path):
    broken = []
    for link in _links(path):
        target, _, anchor = link.partition("#")
        place = (path.parent / target).resolve() if target else path
        if not place.exists() or (anchor and place.suffix == ".md" and anchor not in _anchors(place)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("words", NAMED, ids=" ".join)
def test_every_command_in_the_documents_exists(words, capsys):
    assert main([*words, "--help"]) == 0
    assert f"aip {' '.join(words)}" in " ".join(capsys.readouterr().out.split())


def test_every_option_in_the_documents_exists():
    unknown = []
    for words in CALLS:
        command = _command_of(words)
        if command not in PLACES:
            continue
        known = {name for option in load_command(command[-1], PLACES[command]).params for name in option.opts}
        known |= {
            name for option in load_command(command[-1], PLACES[command]).params for name in option.secondary_opts
        }
        unknown += [f"aip {' '.join(words)}" for word in words if word.startswith("-") and word not in known]
    assert unknown == []


def test_every_command_is_in_the_index():
    listed = set(re.findall(r"^\| `aip ([a-z -]+)` \|", (DOCS / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == {" ".join(words) for words in PLACES if words not in GROUPS}


@pytest.mark.parametrize("text", YAML_BLOCKS)
def test_settings_in_the_documents_load(text, tmp_path):
    data = yaml.safe_load(text)
    named = re.match(r"# configs/(\S+)", text)
    file = (
        named[1]
        if named
        else next(name for name, (_, model) in FILES.items() if data.keys() <= set(model.model_fields))
    )
    (tmp_path / file).write_text(text, encoding="utf-8")
    if file == "quality_gate.yaml" and "repositories" in data:
        agent = {"kind": "recipe", "steps": [{"tool": "codespell"}]}
        listed = {
            "repositories": [{"name": name, "agent": "tidy"} for name in data["repositories"]],
            "agents": {"tidy": agent},
        }
        (tmp_path / "auto_issue_processor.yaml").write_text(yaml.safe_dump(listed), encoding="utf-8")
    settings = load_settings(tmp_path, {})
    part = getattr(settings, FILES[file][0])
    assert set(data) <= part.model_fields_set


def _without_comments(block: str) -> str:
    return "\n".join(line.partition(" #")[0].rstrip() for line in block.splitlines() if not line.startswith("#"))


def _shape(path: Path) -> dict[str, object]:
    text = path.read_text(encoding="utf-8")
    links = [link for link in _LINK.findall(text) if not re.fullmatch(r"README(\.ja)?\.md", link)]
    return {
        "headings": re.findall(r"^(#+) ", _prose(path), re.MULTILINE),
        "code": [(kind, _without_comments(block)) for kind, block in _FENCE.findall(text)],
        "links": [re.sub(r"\.ja(\.svg|\.png)$", r"\1", link).replace("docs/ja/", "docs/") for link in links],
        "rows": re.findall(r"^\|[-|]+\|$|^\|", text, re.MULTILINE),
        "points": re.findall(r"^- (?:\*\*)?", text, re.MULTILINE),
    }


def test_both_readmes_are_in_step():
    assert _shape(ROOT / "README.ja.md") == _shape(ROOT / "README.md")


def test_both_pictures_of_the_flow_are_the_same_drawing():
    def drawing(name: str) -> list[str]:
        text = (DOCS / "images" / name).read_text(encoding="utf-8")
        return [tag for tag in re.findall(r"<(?!text|svg)[^>]+>", text) if not tag.startswith("</")]

    assert drawing("flow.ja.svg") == drawing("flow.svg")


def test_the_index_links_every_document():
    """The runbooks have an index of their own, and so have the Japanese documents."""
    indexes = [DOCS / "README.md", *DOCS.glob("*/README.md"), DOCS / "ja" / "runbooks" / "README.md"]
    linked = {(index.parent / link).resolve() for index in indexes for link in _links(index)}
    assert [_name(path) for path in DOCUMENTS if path not in linked and path != DOCS / "README.md"] == []


def _code():
    """Give every module of the product."""
    return [*(ROOT / "processor").rglob("*.py"), *(ROOT / "exporter").rglob("*.py")]


def _written_events() -> set[str]:
    """Find the events that the code writes, by the constants that it takes from `processor.logs`."""
    declared = {name: value for name, value in vars(events).items() if name.isupper()}
    declaring = {Path(events.__file__), Path(events.__file__).with_name("__init__.py")}
    sources = [path.read_text("utf-8") for path in _code() if path not in declaring]
    # `LineType.POLL_FINISHED` belongs to the other log.
    named = {word for text in sources for word in re.findall(r"(?<!LineType\.)(?<!\")\b([A-Z_]{4,})\b(?! = )", text)}
    return {value for name, value in declared.items() if name in named}


each_page_of_logs = pytest.mark.parametrize("page", ["log-format.md", "ja/log-format.md"])


@each_page_of_logs
def test_the_documented_events_are_those_that_are_written(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", text, re.MULTILINE)) == _written_events()


@each_page_of_logs
def test_the_documented_line_types_exist(page):
    operators_log = (DOCS / page).read_text(encoding="utf-8").split("\n## ")[-1]
    named = {
        word
        for row in re.findall(r"^\| (`[A-Z_`, ]+) \|", operators_log, re.MULTILINE)
        for word in re.findall(r"[A-Z_]+", row)
    }
    assert {"ISSUE_PROCESSED", "PROCESSING_COMPLETED", "PR_CREATED_SUCCESS"} <= named
    assert named <= set(event_lines.LineType)


each_page_of_agents = pytest.mark.parametrize("page", ["agents.md", "ja/agents.md"])


@each_page_of_agents
@pytest.mark.parametrize("name", sorted(PROFILES.keys() - {"plain"}))
def test_agents_are_called_as_documented(name, page):
    text = (DOCS / page).read_text(encoding="utf-8")
    row = re.search(rf"^\| `{name}` \| `([^`]+)` \| (stdin|file) \|$", text, re.MULTILINE)
    profile = PROFILES[name]
    called = " ".join((*profile.program, *profile.options))
    written, is_cut = row[1].removesuffix(" …"), row[1].endswith(" …")
    assert row[2] == profile.prompt
    assert set(written.split()) <= set(called.split()) if is_cut else written == called


@each_page_of_agents
@pytest.mark.parametrize("name", sorted(PROFILES.keys() - {"plain"}))
def test_agents_sign_in_as_documented(name, page):
    text = (DOCS / page).read_text(encoding="utf-8")
    row = re.search(rf"^\| `{name}` \| (`[A-Z].+) \| (.+) \|$", text, re.MULTILINE)
    assert tuple(re.findall(r"`([A-Z_]+)`", row[1])) == PROFILES[name].sign_in_variables
    assert tuple(re.findall(r"`([^`]+)`", row[2])) == PROFILES[name].sign_in_files


@each_page_of_agents
def test_the_documented_variables_are_those_an_agent_sees(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    paragraph = re.search(r"^`PATH`.*?\n\n", text, re.DOTALL | re.MULTILINE)[0]
    assert tuple(re.findall(r"`([A-Z_]+)`", paragraph)) == SecurityFile().environment


def test_every_module_in_the_documents_exists():
    named = {module for path in DOCUMENTS for module in re.findall(r"`([a-z_]+(?:/[a-z_]+)*\.py)`", _prose(path))}
    places = [ROOT, ROOT / "processor"]
    assert [module for module in sorted(named) if not any((place / module).exists() for place in places)] == []


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (DOCS / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8").lower()
    names = [re.match(r"[\w-]+", line)[0].lower() for line in project["dependencies"]]
    assert [name for name in names if name not in reasons] == []


@pytest.mark.parametrize("path", [ROOT / "README.ja.md", *(DOCS / "ja").rglob("*.md")], ids=_name)
def test_no_japanese_sentence_is_cut_by_a_line_end(path):
    """Browsers show a line end inside a paragraph as a space, which Japanese does not have."""
    cut = r"^[^#|\n].*[^\x00-\x7f]\n(?! *(?:-|\d+\.) )[^#|\n].*$"
    assert re.findall(cut, _prose(path), re.MULTILINE) == []
