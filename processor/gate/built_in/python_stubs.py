"""Find functions without work and tests without a test in Python source, by its syntax tree."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from processor.errors import GateToolError
from processor.gate.built_in.empty_bodies import hollow_test, is_switched_off, made_up_return, nothing_done
from processor.gate.built_in.quiet import without_warnings
from processor.gate.built_in.stub_words import says_pretence, says_to_do

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Stub:
    """One pretence; `key` names it whatever line it stands on."""

    key: str
    message: str
    line: int


@dataclass(frozen=True)
class _Place:
    """Where a function stands: its qualified name, and the class around it when it is a method."""

    name: str
    owner: ast.ClassDef | None


def find_python_stubs(source: bytes, *, is_test: bool, is_interface: bool) -> tuple[Stub, ...] | None:
    """Find the stubs of one file; None when it cannot be parsed.

    Args:
        is_test: only test functions are judged, for fakes in tests do nothing on purpose.
        is_interface: a `.pyi` file, where every body is empty; only comments are judged.

    Raises:
        GateToolError: the code is nested too deep.
    """
    try:
        with without_warnings():
            tree = ast.parse(source)
        comments = _comments(source)
        stubs = [] if is_interface else list(_judge(tree, comments, is_test=is_test))
    except (SyntaxError, ValueError, tokenize.TokenError):
        return None
    except (RecursionError, MemoryError) as error:
        raise GateToolError("Python code is nested too deep to be looked at; change this file by hand") from error
    stubs += [
        Stub(f"comment {words}", f"placeholder comment: {words[:80]}", line)
        for line, words in comments.items()
        if says_to_do(words)
    ]
    return tuple(stubs)


def _judge(tree: ast.Module, comments: dict[int, str], *, is_test: bool) -> Iterator[Stub]:
    for function, place in _functions(tree, "", None):
        if function.name.startswith("test") and (is_test or _is_test_class(place.owner)):
            problem = hollow_test(function) or is_switched_off(function)
        elif is_test:
            problem = ""
        else:
            problem = nothing_done(function, place.owner) or _made_up(function, comments)
        if problem:
            yield Stub(f"function {place.name}", f"{place.name} {problem}", function.lineno)


def _functions(node: ast.AST, prefix: str, owner: ast.ClassDef | None) -> Iterator[tuple[_Function, _Place]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Function):
            yield child, _Place(prefix + child.name, owner)
            yield from _functions(child, f"{prefix}{child.name}.", None)
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.", child)
        else:
            yield from _functions(child, prefix, owner)


def _is_test_class(owner: ast.ClassDef | None) -> bool:
    return owner is not None and any("TestCase" in ast.unparse(parent) for parent in owner.bases)


def _made_up(function: _Function, comments: dict[int, str]) -> str:
    if not made_up_return(function):
        return ""
    last = function.end_lineno or function.lineno
    said = [words for line, words in comments.items() if function.lineno <= line <= last]
    documented = ast.get_docstring(function) or ""
    is_pretence = any(says_pretence(words) for words in said) or says_to_do(documented)
    return "returns a made-up value and says so" if is_pretence else ""


def _comments(source: bytes) -> dict[int, str]:
    tokens = tokenize.tokenize(io.BytesIO(source).readline)
    return {token.start[0]: token.string.lstrip("#! ").strip() for token in tokens if token.type == tokenize.COMMENT}
