"""A recipe fixes what it was told to, in tracked files only, by the repository's own conventions."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from processor.errors import AgentError, AgentTimeout, RecipeMisfit
from processor.model import AgentResult, Usage
from tests.agents.conftest import make_issue, recipe

RunAgent = Callable[..., AgentResult]
UNUSED = "import os\nimport sys\n\nprint(sys.path)\n"
USED = "import sys\n\nprint(sys.path)\n"


@pytest.fixture
def add(worktree: Path) -> Callable[[str, str], Path]:
    """Give a function that writes a file into the worktree and lets git track it."""

    def add_file(name: str, text: str) -> Path:
        path = worktree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        subprocess.run(["git", "add", "-f", "--", name], cwd=worktree, check=True)
        return path

    return add_file


Add = Callable[[str, str], Path]
FIX = {"tool": "ruff-fix", "rules": ["F401"]}
FROM_ISSUE = {"tool": "ruff-fix", "rules": "from_issue", "paths": "from_issue"}


def test_named_rule_is_fixed_and_others_are_left(run_agent: RunAgent, add: Add) -> None:
    path = add("a.py", "import os\nx = f'plain'\n")
    result = run_agent(recipe(FIX))
    assert result.failure is None
    assert path.read_text() == "x = f'plain'\n"
    assert result.summary == "ran ruff-fix"


def test_recipe_spends_nothing(run_agent: RunAgent, add: Add) -> None:
    add("a.py", UNUSED)
    assert run_agent(recipe(FIX)).usage == Usage(
        input_tokens=0,
        cache_read_tokens=0,
        cache_write_tokens=0,
        output_tokens=0,
        reasoning_tokens=0,
        cost_dollars=0.0,
    )


def test_nothing_but_the_fix_changes_in_the_worktree(run_agent: RunAgent, add: Add, worktree: Path) -> None:
    add("a.py", UNUSED)
    subprocess.run(["git", "-c", "user.name=M", "-c", "user.email=m@x", "commit", "-qm", "a"], cwd=worktree, check=True)
    run_agent(recipe(FIX, {"tool": "ruff-format"}, {"tool": "codespell"}))
    status = subprocess.run(
        ["git", "status", "--porcelain", "--ignored"], cwd=worktree, capture_output=True, text=True, check=True
    )
    assert status.stdout == " M a.py\n"


def test_finding_that_cannot_be_fixed_is_no_failure(run_agent: RunAgent, add: Add) -> None:
    add("a.py", "print(undefined)\n")
    result = run_agent(recipe({"tool": "ruff-fix", "rules": ["F821"]}))
    assert result.failure is None
    assert result.exit_code == 1


def test_unsafe_fixes_need_leave(run_agent: RunAgent, add: Add) -> None:
    path = add("a.py", "def f():\n    x = 1\n")
    step = {"tool": "ruff-fix", "rules": ["F841"]}
    run_agent(recipe(step))
    assert "x = 1" in path.read_text()
    run_agent(recipe(step | {"unsafe_fixes": True}))
    assert "x = 1" not in path.read_text()


def test_steps_run_in_order(run_agent: RunAgent, add: Add) -> None:
    path = add("a.py", "import os\n# teh end\nx = {'a':1}\n")
    result = run_agent(recipe(FIX, {"tool": "codespell"}, {"tool": "ruff-format"}))
    assert path.read_text() == '# the end\nx = {"a": 1}\n'
    assert result.summary == "ran ruff-fix, codespell, ruff-format"


def test_rules_and_paths_come_from_the_issue(run_agent: RunAgent, add: Add) -> None:
    named, other = add("src/a.py", UNUSED), add("src/b.py", UNUSED)
    issue = make_issue("Fix F401 in src/a.py", "Unused import, see priority P0 and SHA256 in S3.")
    assert run_agent(recipe(FROM_ISSUE), task={"issue": issue}).failure is None
    assert named.read_text() == USED
    assert other.read_text() == UNUSED


@pytest.mark.parametrize(
    "words",
    ["`./a.py`", "(a.py)", "a.py:12: F401", "see a.py.", "**a.py**, too", "a.py", "“`a.py`”", "[a.py](x)"],
)
def test_path_is_found_however_it_is_written(run_agent: RunAgent, add: Add, words: str) -> None:
    path = add("a.py", UNUSED)
    assert run_agent(recipe(FROM_ISSUE), task={"issue": make_issue("F401", words)}).failure is None
    assert path.read_text() == USED


def test_path_with_spaces_is_found_in_backticks(run_agent: RunAgent, add: Add) -> None:
    path = add("my docs/a b.py", UNUSED)
    issue = make_issue("F401", "in `my docs/a b.py`")
    run_agent(recipe(FROM_ISSUE), task={"issue": issue})
    assert path.read_text() == USED


@pytest.mark.parametrize("words", ["", "../a.py", "/etc/passwd", "a.pyc", "xa.py", "A.PY", "--config=a.py"])
def test_issue_that_names_no_file_is_told_so(run_agent: RunAgent, add: Add, words: str) -> None:
    add("a.py", UNUSED)
    failure = run_agent(recipe(FROM_ISSUE), task={"issue": make_issue("F401", words)}).failure
    assert type(failure) is RecipeMisfit
    assert str(failure) == (
        "issue octo/hello#42 names no file of the repository; name a file of the repository in its text, such as"
        " src/module.py, or set paths in the recipe"
    )


@pytest.mark.parametrize("words", ["", "P0", "F4010", "S3", "XF401", "f401"])
def test_issue_that_names_no_rule_is_told_so(run_agent: RunAgent, add: Add, words: str) -> None:
    add("a.py", UNUSED)
    failure = run_agent(recipe(FROM_ISSUE), task={"issue": make_issue("a.py", words)}).failure
    assert type(failure) is RecipeMisfit
    assert str(failure) == (
        "issue octo/hello#42 names no rule of ruff; name one in its text, such as F401, or set rules in the recipe"
    )


@pytest.mark.parametrize(
    ("paths", "fixed"),
    [
        (["."], {"a.py", "src/b.py", "src/deep/c.py"}),
        (["src"], {"src/b.py", "src/deep/c.py"}),
        (["./src/"], {"src/b.py", "src/deep/c.py"}),
        (["src/b.py", "a.py"], {"a.py", "src/b.py"}),
        (["*/deep/*.py"], {"src/deep/c.py"}),
    ],
)
def test_set_paths_bound_the_recipe(
    run_agent: RunAgent, add: Add, worktree: Path, paths: list[str], fixed: set[str]
) -> None:
    names = ("a.py", "src/b.py", "src/deep/c.py")
    for name in names:
        add(name, UNUSED)
    assert run_agent(recipe(FIX | {"paths": paths})).failure is None
    assert {name for name in names if (worktree / name).read_text() == USED} == fixed


def test_set_paths_that_match_nothing_are_told(run_agent: RunAgent) -> None:
    failure = run_agent(recipe(FIX | {"paths": ["../outside", "/etc"]})).failure
    assert str(failure) == (
        "../outside, /etc matches no file of octo/hello; set paths of the recipe to files or folders that git tracks"
    )


@pytest.mark.parametrize("sandbox", ["auto", "off"])
def test_symbolic_links_lead_nowhere(run_agent: RunAgent, worktree: Path, tmp_path: Path, sandbox: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.py").write_text(UNUSED + "# teh end\n")
    (worktree / "link.py").symlink_to(outside / "a.py")
    (worktree / "folder").symlink_to(outside)
    tracked = ("sum.py", "link.py", "folder/a.py")
    result = run_agent(
        recipe(FIX, {"tool": "codespell"}, {"tool": "ruff-format"}), task={"tracked_files": tracked}, sandbox=sandbox
    )
    assert result.failure is None
    assert (outside / "a.py").read_text() == UNUSED + "# teh end\n"


def test_untracked_and_deleted_files_are_left_alone(run_agent: RunAgent, add: Add, worktree: Path) -> None:
    add("gone.py", UNUSED).unlink()
    (worktree / "new.py").write_text(UNUSED)
    assert run_agent(recipe(FIX)).failure is None
    assert (worktree / "new.py").read_text() == UNUSED


def test_file_named_like_an_option_is_a_file(run_agent: RunAgent, add: Add) -> None:
    path = add("--config=x.py", UNUSED)
    assert run_agent(recipe(FIX)).failure is None
    assert path.read_text() == USED


def test_own_configuration_of_the_repository_applies(run_agent: RunAgent, add: Add) -> None:
    add("ruff.toml", 'line-length = 30\nexclude = ["kept.py"]\n[format]\nquote-style = "single"\n')
    kept, formatted = add("kept.py", "x = {'a':1}\n"), add("a.py", 'call("aaaaaaaaaa", "bbbbbbbbbbbbb")\n')
    run_agent(recipe({"tool": "ruff-format"}))
    assert kept.read_text() == "x = {'a':1}\n"
    assert formatted.read_text() == "call(\n    'aaaaaaaaaa',\n    'bbbbbbbbbbbbb',\n)\n"


def test_named_rules_win_over_the_repositorys_own_choice(run_agent: RunAgent, add: Add) -> None:
    add("ruff.toml", '[lint]\nselect = ["E"]\nextend-select = ["F541"]\nignore = ["F401"]\nunfixable = ["F401"]\n')
    path = add("a.py", "import os\nx = f'plain'\n")
    run_agent(recipe(FIX))
    assert path.read_text() == "x = f'plain'\n"


def test_words_the_repository_spares_are_spared(run_agent: RunAgent, add: Add) -> None:
    add(".codespellrc", "[codespell]\nignore-words-list = teh\ninteractive = 3\n")
    path = add("a.md", "teh recieve\n")
    assert run_agent(recipe({"tool": "codespell"})).failure is None
    assert path.read_text() == "teh receive\n"


def test_ambiguous_spelling_is_left_to_people(run_agent: RunAgent, add: Add) -> None:
    path = add("a.md", "thw recieve\n")
    assert run_agent(recipe({"tool": "codespell"})).failure is None
    assert path.read_text() == "thw receive\n"


@pytest.mark.parametrize("name", ["ruff.py", "ruff/__main__.py", "codespell_lib.py", "codespell_lib/__main__.py"])
def test_module_of_the_repository_never_runs_in_place_of_a_tool(
    run_agent: RunAgent, add: Add, worktree: Path, name: str
) -> None:
    add(name, "open('owned', 'w').close()\n")
    add("a.py", UNUSED)
    run_agent(recipe(FIX, {"tool": "codespell"}))
    assert not (worktree / "owned").exists()
    assert (worktree / "a.py").read_text() == USED


def test_broken_configuration_of_the_repository_is_told(run_agent: RunAgent, add: Add) -> None:
    add("ruff.toml", "line-length = 'long'\n")
    failure = run_agent(recipe(FIX)).failure
    assert type(failure) is AgentError
    assert str(failure).startswith("agent coder exited with code 2: ruff-fix: ")
    assert "ruff.toml" in str(failure)


def test_recipe_stops_at_the_time_limit(run_agent: RunAgent, add: Add) -> None:
    add("a.py", UNUSED)
    failure = run_agent(recipe(FIX), task={"timeout_seconds": 0.001}).failure
    assert type(failure) is AgentTimeout


def test_thousands_of_files_fit_the_command_line(run_agent: RunAgent, worktree: Path) -> None:
    folder = worktree / ("d" * 200)
    folder.mkdir()
    names = [f"{folder.name}/{'f' * 200}{number}.py" for number in range(600)]
    for name in names:
        (worktree / name).write_text("import os\n")
    assert run_agent(recipe(FIX), task={"tracked_files": tuple(names)}).failure is None
    assert {(worktree / name).read_text() for name in names} == {""}


def test_files_without_python_give_ruff_nothing_to_do(run_agent: RunAgent, add: Add) -> None:
    add("notes.md", "import os\n")
    result = run_agent(recipe(FIX | {"paths": ["notes.md"]}))
    assert (result.failure, result.exit_code) == (None, 0)
