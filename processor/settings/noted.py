"""Write loaded settings as one JSON document, and read them back as they were. They hold no secret."""

import json

from pydantic import ValidationError

from processor.errors import Fault, SettingsError
from processor.settings.layers import Layer, Origin
from processor.settings.load import Loaded
from processor.settings.sections import Settings


def document_of(loaded: Loaded) -> str:
    """Write the settings and the layers that gave them."""
    origins = {key: [[one.layer, one.file, one.line] for one in given] for key, given in loaded.origins.items()}
    settings = loaded.settings.model_dump(mode="json", exclude_unset=True)
    return json.dumps({"settings": settings, "origins": origins}, ensure_ascii=False)


def loaded_of(document: str) -> Loaded:
    """Read a document back.

    Raises:
        SettingsError: another version of the program wrote it, whose settings are not those of this one.
    """
    try:
        data = json.loads(document)
        settings = Settings.model_validate(data["settings"])
        origins = {
            key: tuple(Origin(Layer(layer), file, line) for layer, file, line in given)
            for key, given in data["origins"].items()
        }
    except (ValidationError, ValueError, KeyError, TypeError) as exc:
        fault = Fault("ledger", None, "service_settings", "", "was written by another version", "restart `aip run`")
        raise SettingsError([fault]) from exc
    return Loaded(settings, origins)
