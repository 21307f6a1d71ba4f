"""Find secrets in lines of text with the detectors of detect-secrets, without its global state.

Its own scanner keeps settings for the whole process, honours comments that switch it off, and may ask a provider over
the network whether a secret is real. Here only its patterns and heuristics are used.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.filters import heuristic
from detect_secrets.plugins.base import BasePlugin
from detect_secrets.plugins.high_entropy_strings import HighEntropyStringsPlugin
from detect_secrets.plugins.ip_public import IPPublicDetector
from detect_secrets.plugins.keyword import (
    QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP,
    REGEX_BY_FILETYPE,
    KeywordDetector,
)
from detect_secrets.util.filetype import determine_file_type

from processor.gate.changed_file import ChangedFile

# A line longer than this is looked at in pieces: the patterns are slower than linear.
_PIECE = 4000
_OVERLAP = 200
_DOCUMENTS = frozenset({".md", ".rst", ".txt", ".adoc"})


@dataclass(frozen=True)
class FoundSecret:
    """A value that looks secret. It is for comparing alone: never show or keep it."""

    kind: str
    line: int
    value: str

    def __repr__(self) -> str:
        return f"FoundSecret(kind={self.kind!r}, line={self.line})"


def find_secrets(file: ChangedFile, lines: Iterable[tuple[int, str]]) -> tuple[FoundSecret, ...]:
    """Search numbered lines of a file; each value is told once, by the first detector that sees it."""
    found: dict[str, FoundSecret] = {}
    detectors = _detectors_for(file)
    for number, line in lines:
        for piece in _pieces(line):
            for detector in detectors:
                for value in _values(detector, file.path, piece):
                    found.setdefault(value, FoundSecret(detector.secret_type, number, value))
    return tuple(found.values())


def _detectors_for(file: ChangedFile) -> Sequence[BasePlugin]:
    """Leave out the two guessing kinds where they are wrong more often than right."""
    suffix = PurePosixPath(file.path).suffix.lower()
    sure = [one for one in _detectors() if not isinstance(one, (HighEntropyStringsPlugin, KeywordDetector))]
    if file.is_binary or heuristic.is_non_text_file(file.path) or heuristic.is_lock_file(file.path):
        return sure
    if file.is_test or suffix in _DOCUMENTS:
        return [one for one in _detectors() if not isinstance(one, KeywordDetector)]
    return _detectors()


@cache
def _detectors() -> tuple[BasePlugin, ...]:
    classes: Iterable[type[BasePlugin]] = get_mapping_from_secret_type_to_class().values()
    detectors = [kind() for kind in classes if not issubclass(kind, IPPublicDetector)]
    # Those that know a provider's form come first, so that a finding has the most telling name.
    return tuple(sorted(detectors, key=lambda one: isinstance(one, (HighEntropyStringsPlugin, KeywordDetector))))


def _values(detector: BasePlugin, path: str, line: str) -> Iterator[str]:
    if isinstance(detector, KeywordDetector):
        patterns = REGEX_BY_FILETYPE.get(determine_file_type(path), QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP)
        values = detector.analyze_string(line, patterns)
    else:
        values = detector.analyze_string(line)
    for value in values:
        if value and not _is_harmless(detector, value, line):
            yield value


def _is_harmless(detector: BasePlugin, value: str, line: str) -> bool:
    if isinstance(detector, HighEntropyStringsPlugin):
        entropy = detector.calculate_shannon_entropy(value)
        if entropy <= detector.entropy_limit:
            return True
    elif not isinstance(detector, KeywordDetector):
        return False
    return (
        heuristic.is_sequential_string(value)
        or heuristic.is_potential_uuid(value)
        or heuristic.is_likely_id_string(value, line, detector)
        or heuristic.is_templated_secret(value)
        or heuristic.is_prefixed_with_dollar_sign(value)
        or heuristic.is_not_alphanumeric_string(value)
        or heuristic.is_indirect_reference(line)
    )


def _pieces(line: str) -> Iterator[str]:
    if len(line) <= _PIECE:
        yield line
        return
    for start in range(0, len(line), _PIECE - _OVERLAP):
        yield line[start : start + _PIECE]
