"""Play the demo: set the scene, let the real service work, judge, show, tidy up."""

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass

from processor.demo.evidence import gather
from processor.demo.folder import DemoFolder, demo_folder
from processor.demo.progress import States, follow
from processor.demo.result import DemoResult, IssueResult
from processor.demo.service_process import drain, raise_if_gone, running_service
from processor.demo.sources import read_code_base
from processor.demo.stage import Options, Stage, set_stage
from processor.demo.verdict import general_problems, issue_problems
from processor.demo.watching import Watcher
from processor.errors import ProcessorError, ResourceError
from processor.forge import Forge
from processor.ledger.connection import Ledger, open_ledger
from processor.ledger.services import list_services
from processor.settings.sections import State

_SECONDS_AT_LEAST = 60.0
_SECONDS_AN_ISSUE = 10.0


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where things are while the demo's folder exists."""

    folder: DemoFolder
    forge_url: str
    service_url: str
    is_kept: bool
    is_served: bool


Present = Callable[[DemoResult, Places], None]


def run_demo(options: Options, environ: Mapping[str, str], watcher: Watcher, present: Present) -> DemoResult:
    """Play everything; `present` is told the result while forge and folder still exist.

    With `is_served` forge and service then go on until KeyboardInterrupt. Nothing of ours runs when this returns or
    raises.

    Raises:
        UsageError: the package is not there, has no Python sources, or the folder is not empty.
        ResourceError: git is missing.
        ProcessorError: the service did not work at all.
    """
    if shutil.which("git", path=environ.get("PATH")) is None:
        raise ResourceError("git was not found on PATH; install it, on Debian and Ubuntu with `apt install git`")
    code_base = read_code_base(options.package)
    with ExitStack() as open_things:
        folder = open_things.enter_context(demo_folder(options.keep))
        forge = open_things.enter_context(Forge(folder.forge))
        stage = set_stage(forge, folder, code_base, options, watcher)
        ledger = open_things.enter_context(closing(open_ledger(State(directory=folder.state))))
        with running_service(folder, environ) as service:
            states = _work(stage, ledger, service, watcher)
            places = _places(stage, ledger)
            if options.is_served:
                return _serve(stage, states, places, service, present)
            problem = drain(service, folder)
        result = _judge(stage, states, *([problem] if problem else []))
        present(result, places)
        return result


def _work(stage: Stage, ledger: Ledger, service: subprocess.Popen[bytes], watcher: Watcher) -> States:
    issues = stage.published.issues
    limit = _SECONDS_AT_LEAST + _SECONDS_AN_ISSUE * len(issues)
    with watcher.progress(issues) as show:
        return follow(ledger, issues, stage.folder, service, limit_seconds=limit, show=show)


def _judge(stage: Stage, states: States, *further_problems: str) -> DemoResult:
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
        general_problems=(*general_problems(evidence, len(states)), *further_problems),
        wanted_defects=stage.options.issues,
        chosen_defects=stage.chosen_defects,
        seconds=time.monotonic() - stage.started_at,
    )


def _places(stage: Stage, ledger: Ledger) -> Places:
    with ledger.read() as db:
        url = next((service.url for service in list_services(db)), "")
    return Places(
        folder=stage.folder,
        forge_url=stage.forge.url,
        service_url=url,
        is_kept=stage.options.keep is not None,
        is_served=stage.options.is_served,
    )


def _serve(
    stage: Stage, states: States, places: Places, service: subprocess.Popen[bytes], present: Present
) -> DemoResult:
    """Show the result, and go on until somebody ends it."""
    result = _judge(stage, states)
    present(result, places)
    pause = threading.Event()
    try:
        while not pause.wait(1.0):
            raise_if_gone(service, stage.folder)
    except KeyboardInterrupt:
        problem = drain(service, stage.folder)
        if problem:
            raise ProcessorError(problem) from None
    return result
