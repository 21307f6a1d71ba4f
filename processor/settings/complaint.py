"""What a rule over several settings finds, and the names that it may rely on."""

from dataclasses import dataclass

from processor.settings.places import KeyPath


@dataclass(frozen=True)
class Complaint:
    """A fault at a path of `Settings`, before its file and line are known.

    `against` is the other setting of a pair: where the first is a default, the line of the other one is shown.
    """

    path: KeyPath
    value: str
    problem: str
    remedy: str
    against: KeyPath = ()


@dataclass(frozen=True)
class Known:
    """Names as the files write them, those with faults of their own included: they are not complained of twice."""

    agents: frozenset[str]
    repositories: frozenset[str]
