"""Find the names that a module imports only for others to take from it; removing such an import breaks them."""

import ast
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_EVERYTHING = "*"


def taken_names(tree: Path) -> frozenset[tuple[str, str]]:
    """Collect (module, name) for whatever is taken from a module by its last name: `from .module import name`,
    `module.name`, and (module, "*") for `from .module import *`.

    A file that cannot be parsed takes nothing.
    """
    found: set[tuple[str, str]] = set()
    for file in sorted(tree.rglob("*.py*")):
        if file.suffix in {".py", ".pyi"}:
            found.update(_taken_in(file))
    return frozenset(found)


def is_taken(path: str, name: str, taken: frozenset[tuple[str, str]]) -> bool:
    """Tell whether a name of the module at `path` is wanted elsewhere."""
    module = module_name(path)
    return (module, name) in taken or (module, _EVERYTHING) in taken


def module_name(path: str) -> str:
    """Give the last name of a module: `compat` for `requests/compat.py`, `pkg` for `pkg/__init__.py`."""
    pure = PurePosixPath(path)
    return pure.parent.name if pure.stem == "__init__" else pure.stem


def _taken_in(file: Path) -> Iterator[tuple[str, str]]:
    try:
        nodes = list(ast.walk(ast.parse(file.read_bytes())))
    except (SyntaxError, ValueError):
        return
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            module = (node.module or "").rpartition(".")[2]
            yield from ((module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Attribute):
            owner = node.value
            if isinstance(owner, ast.Name):
                yield owner.id, node.attr
            elif isinstance(owner, ast.Attribute):
                yield owner.attr, node.attr
