"""Play the demo from the first to the last act: publish, find, open issues, let the service work, judge, show."""

import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from processor.demo.choice import choose_mix
from processor.demo.defects import Defect, find_defects
from processor.demo.evidence import gather
from processor.demo.folder import DemoFolder, demo_folder
from processor.demo.hostile_issues import hostile_issues, refused_issues, tricky_issue
from processor.demo.issue_texts import issue_of
from processor.demo.plan import PlannedIssue
from processor.demo.progress import States, follow
from processor.demo.publishing import Published, make_token, publish, write_tree
from processor.demo.result import DemoResult, IssueResult
from processor.demo.service_process import raise_if_gone, running_service
from processor.demo.settings_folder import write_settings
from processor.demo.sources import CodeBase, read_code_base
from processor.demo.verdict import general_problems, issue_problems
from processor.demo.watching import Watcher
from processor.forge import Forge
from processor.ledger.connection import Ledger, open_ledger
from processor.ledger.services import list_services
from processor.settings.sections import State

#: Measured over our own dependencies: 156 defects of 27 rules, and the only one with all four priorities and spelling
#: mistakes in prose. PyYAML has 32 without a critical one, and all its misspellings are names in the code.
DEFAULT_PACKAGE = "dbos"
DEFAULT_ISSUES = 8
_SECONDS_AT_LEAST = 60.0
_SECONDS_AN_ISSUE = 10.0


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was asked for. `issues` counts the defects; `keep` None means a temporary folder."""

    package: str = DEFAULT_PACKAGE
    issues: int = DEFAULT_ISSUES
    keep: Path | None = None
    is_served: bool = False


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where things are while the demo's folder exists."""

    folder: DemoFolder
    forge_url: str
    service_url: str
    is_kept: bool
    is_served: bool


Present = Callable[[DemoResult, Places], None]


@dataclass(frozen=True, kw_only=True)
class _Stage:
    """Everything that stands once the scene is set. `started_at` is of the monotonic clock."""

    options: Options
    forge: Forge
    folder: DemoFolder
    published: Published
    chosen_defects: int
    started_at: float


def run_demo(options: Options, environ: Mapping[str, str], watcher: Watcher, present: Present) -> DemoResult:
    """Play everything; `present` is told the result while forge and folder still exist.

    With `is_served` forge and service then go on until KeyboardInterrupt. Nothing of ours runs when this returns or
    raises.

    Raises:
        UsageError: the package is not there, has no Python sources, or the folder is not empty.
        ProcessorError: the service did not work at all.
    """
    started_at = time.monotonic()
    code_base = read_code_base(options.package)
    with ExitStack() as open_things:
        folder = open_things.enter_context(demo_folder(options.keep))
        forge = open_things.enter_context(Forge(folder.forge))
        published, chosen = _set_the_scene(forge, folder, code_base, options, watcher)
        stage = _Stage(
            options=options,
            forge=forge,
            folder=folder,
            published=published,
            chosen_defects=chosen,
            started_at=started_at,
        )
        ledger = open_things.enter_context(closing(open_ledger(State(directory=folder.state))))
        with running_service(folder, environ) as service:
            states = _work(stage, ledger, service, watcher)
            places = _places(stage, ledger)
            if options.is_served:
                result = _judge(stage, states)
                present(result, places)
                _wait_for_interruption(service, folder)
                return result
        result = _judge(stage, states)
        present(result, places)
        return result


def _set_the_scene(
    forge: Forge, folder: DemoFolder, code_base: CodeBase, options: Options, watcher: Watcher
) -> tuple[Published, int]:
    """Publish, find the defects, open the issues and write the settings; also tell how many defects were chosen."""
    with tempfile.TemporaryDirectory(prefix="aip-tree-") as name:
        tree = Path(name).resolve()
        write_tree(code_base, tree)
        watcher.tell(f"Looking for defects in {code_base.name} {code_base.version} ({len(code_base.files)} files)")
        found = find_defects(tree, code_base.oldest_python)
        chosen = choose_mix(found, options.issues)
        watcher.tell(_findings_sentence(len(found), len(chosen), options.issues))
        planned = plan_issues(chosen, code_base.python_files, folder.canary)
        published = publish(forge, code_base, tree, planned)
    folder.write_token(make_token(forge))
    write_settings(folder, code_base, published.repository, forge.api_url, forge.url)
    watcher.tell(f"Published {published.repository} with {len(planned)} issues on a small GitHub at {forge.url}")
    return published, len(chosen)


def plan_issues(chosen: tuple[Defect, ...], python_files: tuple[str, ...], canary: Path) -> tuple[PlannedIssue, ...]:
    """Plan all issues: the defects, one of them once more under a hostile text, and those that must not succeed."""
    modules = [path for path in python_files if path.endswith(".py") and "/__" not in path]
    target = (modules or list(python_files))[0]
    plain = [issue_of(defect) for defect in chosen]
    tricky = [tricky_issue(chosen[-1], canary)] if chosen else []
    return (*plain, *tricky, *hostile_issues(target), *refused_issues(chosen[0] if chosen else None, target))


def _findings_sentence(found: int, chosen: int, wanted: int) -> str:
    if found == 0:
        return f"No defect that a recipe can mend was found; {wanted} were asked for"
    if chosen < wanted:
        return f"Only {found} defects that a recipe can mend were found; {wanted} were asked for"
    return f"{found} defects that a recipe can mend were found; {chosen} of them become issues"


def _work(stage: _Stage, ledger: Ledger, service: subprocess.Popen[bytes], watcher: Watcher) -> States:
    issues = stage.published.issues
    limit = _SECONDS_AT_LEAST + _SECONDS_AN_ISSUE * len(issues)
    with watcher.progress(issues) as show:
        return follow(ledger, issues, stage.folder, service, limit_seconds=limit, show=show)


def _judge(stage: _Stage, states: States) -> DemoResult:
    published = stage.published
    evidence = gather(stage.forge, stage.folder, published, states)
    issues = tuple(
        IssueResult(
            planned=published.issues[state.ref],
            state=state,
            problems=issue_problems(state, published.issues[state.ref], evidence),
        )
        for state in states
    )
    return DemoResult(
        repository=published.repository,
        issues=issues,
        general_problems=general_problems(evidence, len(states)),
        wanted_defects=stage.options.issues,
        chosen_defects=stage.chosen_defects,
        seconds=time.monotonic() - stage.started_at,
    )


def _places(stage: _Stage, ledger: Ledger) -> Places:
    with ledger.read() as db:
        url = next((service.url for service in list_services(db)), "")
    return Places(
        folder=stage.folder,
        forge_url=stage.forge.url,
        service_url=url,
        is_kept=stage.options.keep is not None,
        is_served=stage.options.is_served,
    )


def _wait_for_interruption(service: subprocess.Popen[bytes], folder: DemoFolder) -> None:
    pause = threading.Event()
    try:
        while not pause.wait(1.0):
            raise_if_gone(service, folder)
    except KeyboardInterrupt:
        return
