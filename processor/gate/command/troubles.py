"""Recognise a program that ended without having checked anything, so that it is not taken for a finding.

A check that fails alike on both sides passes; one that could not start on both sides must not.
"""

import re

_CANNOT_START = frozenset({126, 127})  #: what shells and wrappers answer when the program cannot be executed or found
_WRAPPERS = ("bwrap: ", "setpriv: ")
_NO_MODULE = re.compile(r"^\S*python[\d.]*: (No module named \S+)", re.MULTILINE)


def trouble_of(exit_code: int, output: str) -> str:
    """Say why nothing was checked, "" when there is no sign of that."""
    if exit_code == 0:
        return ""
    if exit_code in _CANNOT_START:
        return f"it ended with exit code {exit_code}: its program cannot be found or executed"
    wrapper = next((name for name in _WRAPPERS if output.startswith(name)), None)
    if wrapper is not None:
        return f"{wrapper.strip(': ')} could not start it; see `aip check` for the sandbox"
    module = _NO_MODULE.search(output)
    return f"Python says: {module[1]}; install it for the interpreter of the check" if module else ""
