"""One request to an Alertmanager, and what to say when it does not answer as one.

Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import requests

from processor.errors import NetworkError

_TIMEOUT_SECONDS = 10
_QUOTED = 200


def call(url: str, method: str, path: str, body: object = None) -> Any:
    """Make one request; gives what `/api/` answers as JSON, None for nothing, and other answers as text.

    Raises:
        NetworkError: no Alertmanager answers there, or it refuses; the message has its reason.
    """
    address = f"{url.rstrip('/')}{path}"
    try:
        with requests.Session() as session:
            session.trust_env = False  # a proxy of the user's must not come between us and Alertmanager
            answer = session.request(method, address, json=body, timeout=_TIMEOUT_SECONDS)
    except requests.RequestException as error:
        raise NetworkError(
            f"no Alertmanager answers at {url} ({_why(error)}); start it, or set alerting.alertmanager_url"
        ) from error
    if not answer.ok:
        raise NetworkError(
            f"{url} refused {method} {path} with {answer.status_code}: {_said(answer)}; "
            "is alerting.alertmanager_url the address of Alertmanager?"
        )
    if not path.startswith("/api/"):
        return answer.text
    with understanding(url):
        return answer.json() if answer.content else None


@contextmanager
def understanding(url: str) -> Iterator[None]:
    """Read an answer inside; one that has another form than Alertmanager's is told as one error.

    Raises:
        NetworkError: what answers at `url` is no Alertmanager.
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NetworkError(
            f"what answers at {url} is no Alertmanager; set alerting.alertmanager_url to its address"
        ) from error


def _why(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return f"no answer within {_TIMEOUT_SECONDS} s"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__


def _said(answer: requests.Response) -> str:
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        body = "" if "html" in answer.headers.get("content-type", "") else answer.text
    message = body.get("message", body) if isinstance(body, dict) else body
    return str(message).strip()[:_QUOTED] or answer.reason


def written(at: float) -> str:
    """Write a time, in seconds since the epoch, as the API takes it."""
    return datetime.fromtimestamp(at, UTC).isoformat()


def read(text: str) -> float:
    """Read a time of the API, in seconds since the epoch."""
    return datetime.fromisoformat(text).timestamp()
