"""Say what the issues would take that a first start holds back. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """How long it would take from now on, and what that is reckoned from."""

    seconds: float
    basis: str


def would_take(waiting: int, *, mean_seconds: float | None, limit_seconds: float, parallel: int) -> Estimate:
    """Estimate the time for the issues that wait.

    Args:
        mean_seconds: of earlier runs; None without any, and then each is taken for as long as an agent may work.
        parallel: runs at once, at least 1.
    """
    basis = f"an agent's limit of {limit_seconds:g} s" if mean_seconds is None else "the mean of earlier runs"
    each = limit_seconds if mean_seconds is None else mean_seconds
    return Estimate(seconds=round(waiting * each / parallel, 1), basis=basis)
