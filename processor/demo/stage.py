"""Set the scene: the code base and its issues on a forge of our own, and the settings for the service."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from processor.demo.choice import choose_mix
from processor.demo.defects import Defect, find_defects
from processor.demo.folder import DemoFolder
from processor.demo.hostile_issues import hostile_issues, refused_issues, tricky_issue
from processor.demo.issue_texts import issue_of
from processor.demo.plan import PlannedIssue
from processor.demo.publishing import Published, make_token, publish, write_tree
from processor.demo.settings_folder import write_settings
from processor.demo.sources import CodeBase
from processor.demo.watching import Watcher
from processor.forge import Forge

#: Measured over our own dependencies: 156 defects of 27 rules, and the only one with all four priorities and spelling
#: mistakes in prose. PyYAML has 32 without a critical one, and all its misspellings are names in the code.
DEFAULT_PACKAGE = "dbos"
DEFAULT_ISSUES = 8


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was asked for. `issues` counts the defects; `keep` None means a temporary folder."""

    package: str = DEFAULT_PACKAGE
    issues: int = DEFAULT_ISSUES
    keep: Path | None = None
    is_served: bool = False


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Everything that stands once the scene is set. `started_at` is of the monotonic clock."""

    options: Options
    forge: Forge
    folder: DemoFolder
    published: Published
    chosen_defects: int
    started_at: float


def set_stage(forge: Forge, folder: DemoFolder, code_base: CodeBase, options: Options, watcher: Watcher) -> Stage:
    """Find the defects, publish the code base with all issues, and write token and settings."""
    started_at = time.monotonic()
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
    return Stage(
        options=options,
        forge=forge,
        folder=folder,
        published=published,
        chosen_defects=len(chosen),
        started_at=started_at,
    )


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
