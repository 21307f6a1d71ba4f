"""Tables of single records of the ledger."""

from grafana_foundation_sdk.builders import table

from grafana.src import colours, ledger
from grafana.src.limits import plain
from grafana.src.panels.fields import shown
from grafana.src.panels.parts import dress
from grafana.src.words import Words


def records(words: Words, key: str, *columns: str, height: int = 8) -> table.Panel:
    """List what the statement `key` gives; a test holds `columns` against it."""
    panel = dress(table.Panel(), words, key).unit("string").span(24).height(height)
    panel = panel.with_target(ledger.Ask(key)).thresholds(plain(colours.PLAIN))
    for column in columns:
        panel = panel.override_by_name(column, shown(words, column))
    return panel
