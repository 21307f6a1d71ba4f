"""Decide whether a Python function does nothing, or a test tests nothing, from its syntax tree."""

import ast
from collections.abc import Iterator, Sequence

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_STILL_A_FUNCTION = frozenset({"staticmethod", "classmethod", "property"})
_MEANT = ("noop", "no_op", "nop", "do_nothing", "null", "ignore")
_ASSERT_METHODS_OF_ONE = frozenset({"assertTrue", "assertIsNotNone"})
_ASSERT_METHODS_OF_NOTHING = frozenset({"assertFalse", "assertIsNone"})
_SKIPPING = frozenset({"skip", "xfail", "expectedFailure"})


def nothing_done(function: _Function, owner: ast.ClassDef | None) -> str:
    """Say what is empty about a function, "" when it works or is meant to be empty.

    Meant: abstract and overloaded ones, methods of a Protocol, special methods, decorated ones (a command group), names
    such as `noop`, and methods of a class with a parent whose docstring says why they do nothing.
    """
    body = _without_docstring(function.body)
    raises = len(body) == 1 and _raises_not_implemented(body[0])
    if not (raises or all(_is_filler(statement) for statement in body)) or _is_interface(function, owner):
        return ""
    if raises:
        return "only raises NotImplementedError"
    is_special = function.name.startswith("__") and function.name.endswith("__")
    if is_special or any(word in function.name.lower() for word in _MEANT):
        return ""
    if any(name not in _STILL_A_FUNCTION for name in _decorators(function)):
        return ""
    if owner is not None and owner.bases and ast.get_docstring(function):
        return ""
    return "does nothing"


def made_up_return(function: _Function) -> bool:
    """Tell whether the whole body is the return of a literal: no name, no call, nothing computed."""
    body = _without_docstring(function.body)
    if len(body) != 1 or not isinstance(body[0], ast.Return):
        return False
    return body[0].value is None or _is_literal(body[0].value)


def hollow_test(function: _Function) -> str:
    """Say why a test tests nothing, "" when it does: no statement, or no assertion but of what is always true."""
    body = _without_docstring(function.body)
    if all(_is_filler(statement) for statement in body):
        return "is a test without a statement"
    assertions = list(_assertions(function))
    if assertions and all(_is_always_true(one) for one in assertions) and not _expects_an_error(function):
        return "is a test that only asserts what is always true"
    return ""


def is_switched_off(function: _Function) -> str:
    """Say that a test carries a decorator that skips it whatever the surroundings, "" when it does not."""
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        has_condition = isinstance(decorator, ast.Call) and bool(decorator.args) and _last_name(called) == "xfail"
        if _last_name(called) in _SKIPPING and not has_condition:
            return "is a test that is switched off"
    return ""


def _without_docstring(body: Sequence[ast.stmt]) -> Sequence[ast.stmt]:
    first = body[0]
    is_docstring = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return body[1:] if is_docstring else body


def _is_filler(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Pass):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _raises_not_implemented(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise) or statement.exc is None:
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return _last_name(raised) == "NotImplementedError"


def _is_interface(function: _Function, owner: ast.ClassDef | None) -> bool:
    if any(name.startswith("abstract") or name == "overload" for name in _decorators(function)):
        return True
    return owner is not None and any(_last_name(_unsubscripted(one)) in {"Protocol", "ABC"} for one in owner.bases)


def _unsubscripted(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Subscript) else node


def _decorators(function: _Function) -> list[str]:
    return [_last_name(one.func if isinstance(one, ast.Call) else one) for one in function.decorator_list]


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_literal(node: ast.expr) -> bool:
    kinds = (ast.Constant, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.expr_context, ast.UnaryOp, ast.unaryop)
    return all(isinstance(child, kinds) for child in ast.walk(node))


def _assertions(function: _Function) -> Iterator[ast.Assert | ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and _is_assertion(node)):
            yield node


def _is_assertion(call: ast.Call) -> bool:
    return _last_name(call.func).startswith(("assert", "fail"))


def _is_always_true(assertion: ast.Assert | ast.Call) -> bool:
    if isinstance(assertion, ast.Assert):
        return _is_constant_truth(assertion.test)
    name, arguments = _last_name(assertion.func), assertion.args
    if name in _ASSERT_METHODS_OF_ONE | _ASSERT_METHODS_OF_NOTHING:
        return bool(arguments) and isinstance(arguments[0], ast.Constant)
    return name == "assertEqual" and len(arguments) > 1 and _are_equal_literals(arguments[0], arguments[1])


def _is_constant_truth(test: ast.expr) -> bool:
    if isinstance(test, ast.Compare) and len(test.comparators) == 1 and isinstance(test.ops[0], (ast.Eq, ast.Is)):
        return _are_equal_literals(test.left, test.comparators[0])
    return _is_literal(test) and not (isinstance(test, ast.Constant) and not test.value)


def _are_equal_literals(left: ast.expr, right: ast.expr) -> bool:
    return _is_literal(left) and ast.dump(left) == ast.dump(right)


def _expects_an_error(function: _Function) -> bool:
    names = {_last_name(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    return bool(names & {"raises", "warns", "assertRaises", "assertWarns", "assertRaisesRegex", "assertLogs"})
