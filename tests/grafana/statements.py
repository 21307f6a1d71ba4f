"""SQL as Grafana sends it: variables formatted first, in the browser, then the macros, in the server.

Source: formatRegistry.ts (sqlstring) and MultiValueVariable.ts (CustomAllValue) of https://github.com/grafana/scenes,
and https://github.com/grafana/grafana/blob/main/pkg/tsdb/grafana-postgresql-datasource/macros.go
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: The value of a variable in the address of a page, where it is set to all.
ALL = "$__all"
VARIABLE = re.compile(r"\$\{(\w+)(?::(\w+))?\}")
MACRO = re.compile(r"\$([_a-zA-Z0-9]+)\(([^)]*)\)")


@dataclass(frozen=True)
class Variable:
    """A variable as a dashboard defines it: what stands for all, raw, where several may be chosen."""

    name: str
    all_value: str | None

    def formatted(self, value: str | tuple[str, ...]) -> str:
        """Give what stands in its place with the format `sqlstring`; the value for all is never quoted."""
        if value == ALL:
            assert self.all_value is not None, f"{self.name} has no value for all"
            return self.all_value
        values = (value,) if isinstance(value, str) else value
        return ",".join("'" + one.replace("'", "''") + "'" for one in values)


def variables_of(board: dict) -> dict[str, Variable]:
    """Read the variables of a dashboard."""
    return {one["name"]: Variable(one["name"], one.get("allValue")) for one in board["templating"]["list"]}


def first_values(board: dict) -> dict[str, str]:
    """Give what a page begins with: all of what may be several, and empty texts."""
    return {name: ALL if found.all_value else "" for name, found in variables_of(board).items()}


def interpolated(sql: str, board: dict, values: Mapping[str, str | tuple[str, ...]], between: tuple[int, int]) -> str:
    """Give what reaches PostgreSQL; times are seconds since the epoch."""
    known = variables_of(board)

    def put(found: re.Match[str]) -> str:
        assert found[2] == "sqlstring", f"{found[0]} is not quoted"
        return known[found[1]].formatted(values[found[1]])

    def expand(found: re.Match[str]) -> str:
        assert found[1] == "__unixEpochFilter", f"${found[1]}() is no macro that these statements need"
        column = found[2].split(",")[0].strip()
        return f"{column} >= {between[0]} AND {column} <= {between[1]}"

    return MACRO.sub(expand, VARIABLE.sub(put, sql))
