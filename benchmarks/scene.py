"""An installation with an instant recipe, on a forge of its own; both sides of a comparison work on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from processor.forge import Forge
from tests.acceptance.system import REPOSITORY, System

_MODULE = (
    '"""A module with one import that nobody uses."""\n\nimport os\n\n\ndef number() -> int:\n    return {number}\n'
)


@contextmanager
def scene(modules: int) -> Iterator[System]:
    """Give a repository of small modules, each with one defect that ruff mends at once."""
    with TemporaryDirectory(prefix="aip-bench-") as folder, Forge(Path(folder) / "forge") as forge:
        forge.create_user("octo")
        files = {f"module_{number}.py": _MODULE.format(number=number) for number in range(modules)}
        forge.create_repository(REPOSITORY, files=files)
        system = System(Path(folder) / "aip", forge, forge.create_token("octo"))
        settings = system.settings
        settings["max_parallel"] = 1
        settings["repositories"] = [{"name": REPOSITORY, "agent": "ruff"}]
        settings["agents"] = {
            "ruff": {
                "kind": "recipe",
                "steps": [{"tool": "ruff-fix", "rules": "from_issue", "paths": "from_issue"}],
            }
        }
        settings["intake"]["poll_interval_seconds"] = 600
        settings["publish"]["follow_up_seconds"] = 600
        settings["engine"] = {"instance": "bench"}
        try:
            yield system
        finally:
            system.close()


def open_issues(system: System, numbers: range) -> list[int]:
    """Open one issue a module and give the numbers of the issues."""
    return [system.open_issue(f"Remove the unused import of `module_{number}.py` (F401)").number for number in numbers]
