"""Write the settings of the demo: the real ones, with a forge for GitHub and short waits."""

import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

import processor
from processor.demo.folder import DemoFolder
from processor.demo.plan import AGENT_BY_LABEL, BREAK, CODESPELL, FAIL, HANG, PRETEND, RUFF
from processor.demo.sources import CodeBase
from processor.errors import ErrorType
from processor.settings.sections import (
    Agent,
    Api,
    Capacity,
    CommandAgent,
    CommandCheck,
    Engine,
    GateFile,
    GitHub,
    Intake,
    Logs,
    MainFile,
    Publish,
    RecipeAgent,
    RecipeStep,
    RepositorySettings,
    Retry,
    Section,
    SecurityFile,
    State,
)

#: Limit of the agent that hangs; the others have the general one.
HANG_LIMIT_SECONDS = 4.0
DRAIN_SECONDS = 20.0
_AGENT_LIMIT_SECONDS = 60.0
_MORE_THAN_THE_DEMO_HAS = 1000
#: The scripted agent is imported from here, wherever the product was unpacked.
_OUR_SOURCE = Path(processor.__file__).parent.parent
_MODES = {BREAK: "break", HANG: "hang", FAIL: "fail", PRETEND: "pretend"}
_RETRIED = (
    ErrorType.GITHUB_API,
    ErrorType.NETWORK,
    ErrorType.GIT,
    ErrorType.WORKSPACE,
    ErrorType.GATE_TOOL,
    ErrorType.AGENT_EXIT,
)


def write_settings(folder: DemoFolder, code_base: CodeBase, repository: str, api_url: str, git_url: str) -> None:
    """Write the settings files; `aip --config-dir` works on them from anywhere, for every path is absolute."""
    folder.configs.mkdir()
    _write(folder.configs / "auto_issue_processor.yaml", main_file(folder, repository, api_url, git_url))
    _write(folder.configs / "security_settings.yaml", SecurityFile(sandbox_readable=(_OUR_SOURCE,)))
    _write(folder.configs / "quality_gate.yaml", gate_file(code_base.python_files))


def main_file(folder: DemoFolder, repository: str, api_url: str, git_url: str) -> MainFile:
    """Say what is processed, by which agents, and how fast."""
    return MainFile(
        max_parallel=3,
        timeout=_AGENT_LIMIT_SECONDS,
        github=GitHub(
            base_url=api_url,
            git_url=git_url,
            token_file=folder.token,
            seconds_between_requests=0,
            seconds_between_writes=0,
        ),
        repositories=(RepositorySettings(name=repository, agent_by_label=AGENT_BY_LABEL),),
        agents=_agents(),
        default_agent=AGENT_BY_LABEL[RUFF],
        # All of the demo is to be seen, also on a machine that is busy with other things.
        capacity=Capacity(level="low"),
        intake=Intake(poll_interval_seconds=10, first_start_limit=_MORE_THAN_THE_DEMO_HAS),
        engine=Engine(
            poll_seconds=0.1,
            drain_seconds=DRAIN_SECONDS,
            instance="demo",
            retries={kind: Retry(attempts=2, first_delay_seconds=0.5) for kind in _RETRIED},
        ),
        publish=Publish(
            max_pull_requests_per_hour=_MORE_THAN_THE_DEMO_HAS, max_open_pull_requests=_MORE_THAN_THE_DEMO_HAS
        ),
        state=State(directory=folder.state),
        logs=Logs(directory=folder.logs),
        api=Api(port=0),
    )


def gate_file(python_files: Sequence[str]) -> GateFile:
    """Add two checks to the built-in ones: nothing that breaks at run time, and the package can still be imported."""
    python = sys.executable
    # Not all of Pyflakes: writing X | Y for Union may leave an import unused, which is no reason to refuse it.
    ruff = ("-P", "-m", "ruff", "check", "--isolated", "--no-cache", "--quiet", "--select", "E9,F63,F7,F82")
    checks = [
        CommandCheck(
            name="ruff",
            argv=(python, *ruff, "--output-format", "concise", "--", "{files}"),
            languages=("py", "pyi"),
            findings="lines",
        )
    ]
    package = importable_package(python_files)
    if package is not None:
        checks.append(CommandCheck(name="import", argv=(python, "-c", f"import {package}"), languages=("py",)))
    return GateFile(checks=tuple(checks))


def importable_package(python_files: Sequence[str]) -> str | None:
    """Name the top-level package with the most files, else the first module; None when nothing can be imported."""
    sizes = {
        PurePosixPath(path).parts[0]: sum(
            other.startswith(f"{PurePosixPath(path).parts[0]}/") for other in python_files
        )
        for path in python_files
        if PurePosixPath(path).name == "__init__.py" and len(PurePosixPath(path).parts) == 2
    }
    if sizes:
        return max(sizes, key=lambda name: (sizes[name], name))
    modules = [PurePosixPath(path).stem for path in python_files if "/" not in path and path.endswith(".py")]
    return modules[0] if modules else None


def _agents() -> dict[str, Agent]:
    agents: dict[str, Agent] = {
        AGENT_BY_LABEL[RUFF]: RecipeAgent(
            kind="recipe", steps=(RecipeStep(tool="ruff-fix", rules="from_issue", paths="from_issue"),)
        ),
        AGENT_BY_LABEL[CODESPELL]: RecipeAgent(
            kind="recipe", steps=(RecipeStep(tool="codespell", paths="from_issue"),)
        ),
    }
    for label, mode in _MODES.items():
        agents[AGENT_BY_LABEL[label]] = CommandAgent(
            kind="command",
            argv=(sys.executable, "-P", "-m", "processor.demo.scripted_agent", mode),
            prompt="stdin",
            timeout_seconds=HANG_LIMIT_SECONDS if label == HANG else None,
        )
    return agents


def _write(path: Path, section: Section) -> None:
    said: dict[str, Any] = section.model_dump(mode="json", exclude_defaults=True)
    path.write_text(yaml.safe_dump(said, sort_keys=False, allow_unicode=True), encoding="utf-8")
