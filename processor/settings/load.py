"""Read the settings in layers, and list every fault of every layer at once."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processor.errors import Fault, SettingsError
from processor.settings import validation
from processor.settings.complaint import Complaint, Known
from processor.settings.consistency import complaints
from processor.settings.layers import Layer, Origin, Stack
from processor.settings.places import Locate, Place, did_you_mean, shown
from processor.settings.sections import EnvironmentProfile, GateFile, MainFile, Section, SecurityFile, Settings
from processor.settings.validation import Checked
from processor.settings.variables import DEFAULT_ENVIRONMENT, ENVIRONMENT, STANDARD_ENVIRONMENTS, read_variables
from processor.settings.yaml_file import Document, read_document

ENVIRONMENTS_FILE = "environments.yaml"
FILES: Mapping[str, tuple[str, type[Section]]] = {
    "auto_issue_processor.yaml": ("main", MainFile),
    "quality_gate.yaml": ("gate", GateFile),
    "security_settings.yaml": ("security", SecurityFile),
}


@dataclass(frozen=True)
class Loaded:
    """The settings, and for every key such as `main.timeout` that is no default the layers that gave it, last wins."""

    settings: Settings
    origins: Mapping[str, tuple[Origin, ...]]

    def origin(self, key: str) -> Origin:
        """Tell which layer gave a key its value; what is in a list came with the list."""
        return self.origins.get(key.partition("[")[0], (Origin(Layer.DEFAULT),))[-1]


def load_settings(directory: Path, environ: Mapping[str, str]) -> Settings:
    """Read the settings; see `load`."""
    return load(directory, environ).settings


def load(directory: Path, environ: Mapping[str, str]) -> Loaded:
    """Read the settings of a folder and the variables; `overriding` lays what was changed at run time on top.

    Layers, later wins: built-in defaults, the profile AUTO_ISSUE_ENV (production when unset) of environments.yaml,
    the three files, the AUTO_ISSUE_* variables.

    Raises:
        SettingsError: it lists every fault of every file and variable.
    """
    loaded, faults = _read(directory, environ)
    if faults:
        raise SettingsError(_in_reading_order(faults))
    return loaded


def load_without_faults(directory: Path, environ: Mapping[str, str]) -> Loaded:
    """Read what is left without everything that is at fault: a trace of what was meant, nothing to work with.

    Raises:
        SettingsError: there is no such folder.
    """
    return _read(directory, environ)[0]


def _read(directory: Path, environ: Mapping[str, str]) -> tuple[Loaded, list[Fault]]:
    reading = _Reading(directory)
    stack = Stack(Settings().model_dump())
    name = reading.profile(stack, environ.get(ENVIRONMENT, "").strip())
    names = reading.files(stack)
    reading.variables(stack, environ)
    whole = reading.check(Settings, {**stack.data, "environment_name": name}, stack.locate)
    settings = Settings.model_validate(whole.data)
    faults = [*reading.faults, *(_fault(complaint, stack) for complaint in complaints(settings, names))]
    return Loaded(settings, stack.origins()), faults


class _Reading:
    """Reads the layers of one folder, lays them on a stack, and collects their faults."""

    def __init__(self, directory: Path) -> None:
        self.faults: list[Fault] = []
        self._directory = directory
        _require_folder(directory)

    def check(self, model: type[Section], data: dict[str, Any], locate: Locate) -> Checked:
        """Give the part of the data that has no fault."""
        checked = validation.validate(model, data, locate)
        self.faults += checked.faults
        return checked

    def profile(self, stack: Stack, wanted: str) -> str:
        """Lay the wanted environment and give its name; every environment of the file is checked."""
        document = self._document(ENVIRONMENTS_FILE)
        clean = {name: self._environment(document, name, entry) for name, entry in document.data.items()}
        name = wanted or DEFAULT_ENVIRONMENT
        known = sorted({*clean, *STANDARD_ENVIRONMENTS})
        if name not in known:
            remedy = did_you_mean(name, known, f"use one of {', '.join(known)}")
            self.faults.append(Fault("environment", None, ENVIRONMENT, shown(name), "is no environment", remedy))
        locate = _inside(document, name)
        stack.lay(Layer.ENVIRONMENT_PROFILE, clean.get(name, {}), locate, under=("main",))
        return name

    def files(self, stack: Stack) -> Known:
        """Lay the three files, and give the names that they write."""
        written: dict[str, dict[str, Any]] = {}
        for file, (part, model) in FILES.items():
            document = self._document(file)
            written[part] = document.data
            clean = self.check(model, document.data, document.locate)
            stack.lay(Layer.FILE, clean.data, clean.locate, under=(part,))
        self.faults += _misnamed(self._directory)
        served = validation.names_of(written["main"], "repositories", "name") | _sandbox(written["main"])
        return Known(
            agents=frozenset(validation.names_of(written["main"], "agents")),
            repositories=frozenset(served),
        )

    def variables(self, stack: Stack, environ: Mapping[str, str]) -> None:
        """Lay the variables."""
        variables = read_variables(environ)
        self.faults += variables.faults
        clean = self.check(Settings, variables.data, variables.locate)
        stack.lay(Layer.VARIABLE, clean.data, clean.locate)

    def _document(self, name: str) -> Document:
        document = read_document(self._directory / name)
        self.faults += document.faults
        return document

    def _environment(self, document: Document, name: str, entry: object) -> dict[str, Any]:
        if entry is None:
            return {}
        if isinstance(entry, dict):
            return self.check(EnvironmentProfile, entry, _inside(document, name)).data
        place = document.locate((name,))
        fault = Fault(place.file, place.line, place.key, shown(entry), "is not a mapping", "indent its keys below it")
        self.faults.append(fault)
        return {}


def _sandbox(main: Mapping[str, Any]) -> set[str]:
    canary = main.get("canary")
    repository = canary.get("repository") if isinstance(canary, Mapping) else None
    return {repository} if isinstance(repository, str) else set()


def _inside(document: Document, name: str) -> Locate:
    return lambda below: document.locate((name, *below))


def _fault(complaint: Complaint, stack: Stack) -> Fault:
    place = stack.locate(complaint.path)
    if complaint.against and not stack.is_given(complaint.path):
        other = stack.locate(complaint.against)
        place = Place(other.file, other.line, place.key)
    return Fault(place.file, place.line, place.key, complaint.value, complaint.problem, complaint.remedy)


def _require_folder(directory: Path) -> None:
    try:
        next(directory.iterdir(), None)
    except OSError as exc:
        remedy = "create it with `aip init`, or set AUTO_ISSUE_CONFIG_DIR to the folder of the settings files"
        problem = f"cannot be read as a folder ({exc.strerror})"
        raise SettingsError([Fault(str(directory), None, "folder", "", problem, remedy)]) from exc


def _misnamed(directory: Path) -> list[Fault]:
    """Complain of a file whose name is nearly that of a settings file that is not there: it would be ignored."""
    names = {path.name for path in directory.iterdir()}
    missing = sorted({*FILES, ENVIRONMENTS_FILE} - names)
    strangers = sorted(name for name in names if name.endswith((".yaml", ".yml")) and name not in FILES)
    pairs = [(name, difflib.get_close_matches(name, missing, n=1, cutoff=0.85)) for name in strangers]
    remedy = "rename it to {}"
    return [
        Fault(str(directory / name), None, "file", "", "is not read under this name", remedy.format(near[0]))
        for name, near in pairs
        if near
    ]


def _in_reading_order(faults: Iterable[Fault]) -> list[Fault]:
    files: dict[str, int] = {}
    numbered = [(files.setdefault(fault.file, len(files)), fault.line or 0, fault) for fault in faults]
    return [fault for _, _, fault in sorted(numbered, key=lambda entry: entry[:2])]
