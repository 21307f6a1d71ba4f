"""A repository of small modules, each with one defect that ruff mends at once, and one issue for each."""

from collections.abc import Sequence

from benchmarks.forge_process import ForgeProcess

_MODULE = (
    '"""A module with one import that nobody uses."""\n\nimport os\n\n\ndef number() -> int:\n    return {number}\n'
)
RULE = "F401"


def create(forge: ForgeProcess, name: str, modules: int) -> None:
    """Make the repository, without an issue."""
    files = {"README.md": "Small modules.\n"} | {_path(at): _MODULE.format(number=at) for at in range(modules)}
    forge.do("create_repository", full_name=name, files=files, labels=["auto-fix"])


def open_issue(forge: ForgeProcess, name: str, module: int, *, labels: Sequence[str] = ()) -> int:
    """Open the issue of one module and give its number; `labels` come beside the one that asks for it."""
    title = f"Remove the unused import of `{_path(module)}` ({RULE})"
    wanted = ["auto-processable", *labels]
    issue = forge.do("open_issue", full_name=name, title=title, author="octo", labels=wanted)
    return int(issue["number"])


def _path(number: int) -> str:
    return f"module_{number}.py"
