"""The settings that the demo writes are loaded as any others are, and lie where no one else reads the token."""

import stat
from pathlib import Path

import pytest

from processor.demo.folder import DemoFolder, demo_folder
from processor.demo.settings_folder import importable_package, write_settings
from processor.demo.sources import CodeBase
from processor.errors import UsageError
from processor.settings.load import load_settings
from processor.settings.sections import CommandAgent, RecipeAgent

CODE_BASE = CodeBase(name="sample", version="1", oldest_python=None, files={"pkg/__init__.py": "", "pkg/a.py": ""})


@pytest.fixture
def folder(tmp_path: Path) -> DemoFolder:
    return DemoFolder(tmp_path.resolve())


def test_the_service_loads_them_from_anywhere(folder: DemoFolder) -> None:
    folder.write_token("ghp_sample")
    write_settings(folder, CODE_BASE, "demo/sample", "http://127.0.0.1:1/api/v3", "http://127.0.0.1:1")

    settings = load_settings(folder.configs, {})

    main = settings.main
    assert main.github.base_url == "http://127.0.0.1:1/api/v3"
    assert (main.github.seconds_between_requests, main.github.seconds_between_writes, main.api.port) == (0, 0, 0)
    assert main.state.directory.is_absolute()
    assert main.logs.directory.is_absolute()
    assert {type(agent) for agent in main.agents.values()} == {RecipeAgent, CommandAgent}
    assert [check.name for check in settings.gate.checks] == ["ruff", "import"]
    assert settings.gate.checks[1].argv[-1] == "import pkg"


def test_only_the_hanging_agent_has_a_short_limit(folder: DemoFolder) -> None:
    write_settings(folder, CODE_BASE, "demo/sample", "http://127.0.0.1:1/api/v3", "http://127.0.0.1:1")

    agents = load_settings(folder.configs, {}).main.agents

    limits = {name: agent.timeout_seconds for name, agent in agents.items() if isinstance(agent, CommandAgent)}
    assert limits == {"hangs": 4.0, "breaks-the-code": None, "fails": None, "pretends": None}


def test_the_token_is_its_owners_alone_and_in_no_settings_file(folder: DemoFolder) -> None:
    folder.write_token("ghp_sample")
    write_settings(folder, CODE_BASE, "demo/sample", "http://127.0.0.1:1/api/v3", "http://127.0.0.1:1")

    assert stat.S_IMODE(folder.token.stat().st_mode) == 0o600
    assert all("ghp_sample" not in file.read_text(encoding="utf-8") for file in folder.configs.iterdir())


@pytest.mark.parametrize(
    ("files", "package"),
    [
        (["a/__init__.py", "b/__init__.py", "b/x.py"], "b"),
        (["six.py"], "six"),
        (["stubs/__init__.pyi"], None),
        ([], None),
    ],
)
def test_the_import_check_takes_the_largest_package(files: list[str], package: str | None) -> None:
    assert importable_package(files) == package


def test_a_temporary_folder_is_gone_afterwards() -> None:
    with demo_folder(None) as folder:
        (folder.root / "file").touch()

    assert not folder.root.exists()


def test_a_kept_folder_stays(tmp_path: Path) -> None:
    with demo_folder(tmp_path / "new" / "kept") as folder:
        (folder.root / "file").touch()

    assert (tmp_path / "new" / "kept" / "file").exists()


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()

    with pytest.raises(UsageError) as caught, demo_folder(tmp_path):
        pytest.fail("the folder was taken")

    assert str(caught.value) == f"folder {tmp_path} holds something already; name an empty or a new one with --keep"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(UsageError) as caught, demo_folder(tmp_path / "file"):
        pytest.fail("the folder was taken")

    assert str(caught.value) == f"folder {tmp_path / 'file'} cannot be used: File exists; name another with --keep"
