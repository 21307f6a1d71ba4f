"""List the built-in checks, in the order of the gate table; a check's code is imported when it first runs."""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from processor.gate.built_in.inspection import Inspection
from processor.gate.built_in.quiet import without_warnings
from processor.gate.verdict import Verdict

Check = Callable[[Inspection], Verdict]

# Lazily, because bandit and detect-secrets take half a second to import and many commands never judge anything.
_MODULES: Mapping[str, str] = MappingProxyType(
    {
        "syntax": "syntax",
        "diff_size": "diff_size",
        "protected_paths": "protected_paths",
        "secrets": "secrets",
        "stubs": "stubs",
        "docs_only": "docs_only",
        "security": "security",
    }
)

#: Names of the built-in checks, as in the settings.
BUILT_IN_CHECKS = frozenset(_MODULES)

#: The same names in the order of the gate table.
IN_ORDER = tuple(_MODULES)


def find_check(name: str) -> Check:
    """Give the function of a built-in check."""
    with without_warnings():  # bandit warns while it is imported
        module = import_module(f"processor.gate.built_in.{_MODULES[name]}")
    check: Check = module.check
    return check
