"""The ledger as a data source of its own: its statements, one a file in `sql/`, and the variables that they take.

Values of variables come from the address of a page, so each stands as `${name:sqlstring}`, which Grafana quotes. What
holds without it is the role: it can read the ledger and nothing else.
"""

from functools import cache
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import VariableHide, VariableOption, VariableRefresh

from grafana.src import colours
from grafana.src.words import Words

TYPE = "grafana-postgresql-datasource"
LEDGER = DataSourceRef(type_val=TYPE, uid="${ledger}")
#: The uid in grafana/provisioning.
PROVISIONED = "aip-ledger"
STATEMENTS = Path(__file__).parent / "sql"
#: What stands for "all" in `IN (…)`: columns that hold the value looked for, so that every row passes.
EVERY = {
    "repository": "repository",
    "priority": "priority",
    "outcome": "runs.outcome, runs.state",
    "error_type": "runs.error_type, ''",
}
FILTERS = (*EVERY, "search")
#: Where issues and pull requests are seen in a browser.
GITHUB = "${github}"


@cache
def statement(name: str) -> str:
    """Give the text of a statement."""
    return (STATEMENTS / f"{name}.sql").read_text(encoding="utf-8").strip()


class Statement(Dataquery):
    """A target that asks the ledger for a table. The SDK has no model of this data source."""

    def __init__(self, name: str) -> None:
        self._name = name

    def to_json(self) -> dict[str, object]:
        """Give it as Grafana's editor for PostgreSQL writes it."""
        source = {"type": LEDGER.type_val, "uid": LEDGER.uid}
        text = statement(self._name)
        shape = {"editorMode": "code", "format": "table", "rawQuery": True}
        return {"refId": "A", "datasource": source, "rawSql": text, **shape}


class Ask(Builder[Dataquery]):
    """Builds a statement for a panel."""

    def __init__(self, name: str) -> None:
        self._name = name

    def build(self) -> Dataquery:
        """Give the target."""
        return Statement(self._name)


def variables(words: Words) -> list[Builder[Any]]:
    """Give the data source, what to filter by, the chosen run, and the hidden address of GitHub."""
    source = builders.DatasourceVariable("ledger").label(words("variables", "ledger")).type(TYPE)
    github = _asked(builders.QueryVariable("github"), "github").hide(VariableHide.HIDE_VARIABLE)
    return [
        source.current(VariableOption(text="Ledger", value=PROVISIONED)),
        _several(_asked(builders.QueryVariable("repository"), "repositories"), words, "repository"),
        _several(builders.CustomVariable("priority").values(_named(words, "priority")), words, "priority"),
        _several(builders.CustomVariable("outcome").values(_outcomes(words)), words, "outcome"),
        _several(_asked(builders.QueryVariable("error_type"), "error_types"), words, "error_type"),
        builders.TextBoxVariable("search").label(words("variables", "search")).default_value(""),
        builders.TextBoxVariable("run").label(words("variables", "run")).default_value(""),
        github,
    ]


def _asked(variable: builders.QueryVariable, name: str) -> builders.QueryVariable:
    text = statement(name)
    return variable.datasource(LEDGER).query(text).definition(text).refresh(VariableRefresh.ON_DASHBOARD_LOAD)


def _several(variable: Any, words: Words, name: str) -> Builder[Any]:
    every = VariableOption(selected=True, text=words.shared("variables", "all"), value="$__all")
    variable = variable.label(words("variables", name)).include_all(True).multi(True).all_value(EVERY[name])
    return variable.current(every)  # type: ignore[no-any-return]


def _named(words: Words, label: str) -> str:
    return ", ".join(f"{words.shared('values', label, value)} : {value}" for value in colours.OF[label])


def _outcomes(words: Words) -> str:
    return f"{_named(words, 'outcome')}, {words('values', 'outcome', 'running')} : running"
