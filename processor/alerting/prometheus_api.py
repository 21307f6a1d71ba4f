"""Ask a Prometheus: one expression at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from processor.errors import NetworkError

_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Sample:
    """One series of an answer with its value at the moment asked for."""

    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True)
class Answer:
    """What Prometheus says to an expression; `remarks` are its warnings and infos, such as a rate of no counter."""

    samples: tuple[Sample, ...]
    remarks: tuple[str, ...]


def ask(url: str, expression: str, at: float | None = None) -> Answer:
    """Evaluate an expression that gives a vector or a scalar.

    Args:
        url: of the server, without a slash at the end.
        at: Unix time in seconds; now when None.

    Raises:
        NetworkError: the server is not reached, or refuses the expression; the message has its reason.
    """
    body = fetch(url, "query", {"query": expression, **({} if at is None else {"time": str(at)})})
    data = body["data"]
    rows = [{"metric": {}, "value": data["result"]}] if data["resultType"] == "scalar" else data["result"]
    samples = tuple(Sample(row["metric"], float(row["value"][1])) for row in rows)
    return Answer(samples, (*body.get("warnings", ()), *body.get("infos", ())))


def fetch(url: str, resource: str, parameters: Mapping[str, str] | None = None) -> Any:
    """Read one resource of the HTTP API, such as `alerts`, `rules` or `targets`, as JSON.

    Raises:
        NetworkError: the server is not reached, or refuses; the message has its reason.
    """
    address = f"{url}/api/v1/{resource}"
    try:
        with requests.Session() as session:
            session.trust_env = False  # a proxy of the user's must not come between us and loopback
            answer = session.get(address, params=parameters, timeout=_TIMEOUT_SECONDS)
            body = answer.json()
    except requests.RequestException as error:
        raise NetworkError(f"{address} gave no answer: {error}; is Prometheus running there?") from error
    if body["status"] != "success":
        raise NetworkError(f"{address} refused: {body['error']}")
    return body
