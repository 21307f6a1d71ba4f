"""Point at settings that are allowed and likely to surprise."""

from collections.abc import Mapping

from processor.errors import Fault
from processor.operations.self_check.item import Item, ok, warning
from processor.settings.cautions import warnings
from processor.settings.load import Loaded
from processor.settings.secrets import secret_warnings


def check_settings(loaded: Loaded, folder: str, environ: Mapping[str, str]) -> tuple[Item, ...]:
    """Give one line for the settings as a whole, and one for each doubt."""
    doubts = (*warnings(loaded), *secret_warnings(loaded.settings, environ))
    names = ", ".join(repository.name for repository in loaded.settings.main.repositories) or "no repository"
    whole = ok("settings", f"{folder}, environment {loaded.settings.environment_name}, {names}")
    return (whole, *(_item(doubt) for doubt in doubts))


def _item(doubt: Fault) -> Item:
    where = doubt.file if doubt.line is None else f"{doubt.file}:{doubt.line}"
    value = f" = {doubt.value}" if doubt.value else ""
    return warning("settings", f"{where}: {doubt.key}{value}: {doubt.problem}", doubt.remedy)
