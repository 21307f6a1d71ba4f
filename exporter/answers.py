"""Answer a request: a path and its headers in, a status and a body out."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from exporter.exposition import expose
from exporter.page import index_page
from exporter.scrape import Scraper

_PAGE_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}
_PLAIN: Final = "text/plain; charset=utf-8"
_SCRAPE_LIMIT: Final = "x-prometheus-scrape-timeout-seconds"
#: Left of the scraper's own limit for writing and sending.
_RESERVE_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: HTTPStatus
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """What every path answers. `trouble` tells why the exporter is not ready, None when it is."""

    scraper: Scraper
    trouble: Callable[[], str | None]
    version: str

    def __call__(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Answer one GET; the names of the headers are in small letters."""
        match path:
            case "/metrics":
                return self._metrics(headers)
            case "/-/healthy":
                return _text(HTTPStatus.OK, "healthy")
            case "/-/ready":
                trouble = self.trouble()
                return (
                    _text(HTTPStatus.OK, "ready") if trouble is None else _text(HTTPStatus.SERVICE_UNAVAILABLE, trouble)
                )
            case "/":
                return self._page()
        return _text(HTTPStatus.NOT_FOUND, "there is nothing here; see / for what there is")

    def _page(self) -> Answer:
        trouble = self.trouble()
        page = index_page(self.scraper.standings(), trouble, self.version, time.time())
        return Answer(HTTPStatus.OK, page.encode(), _PAGE_HEADERS)

    def _metrics(self, headers: Mapping[str, str]) -> Answer:
        metrics = self.scraper.scrape(_limit(headers.get(_SCRAPE_LIMIT, "")))
        shown = expose(metrics, headers.get("accept", ""), headers.get("accept-encoding", ""))
        told = {"Content-Type": shown.content_type, "Vary": "Accept, Accept-Encoding"}
        if shown.encoding is not None:
            told["Content-Encoding"] = shown.encoding
        return Answer(HTTPStatus.OK, shown.body, told)


def unauthorized() -> Answer:
    """Ask for a user and a password."""
    refused = _text(HTTPStatus.UNAUTHORIZED, "a user and a password of basic_auth_users are needed")
    asked = {"WWW-Authenticate": 'Basic realm="aip-exporter"', "Connection": "close"}
    return Answer(refused.status, refused.body, {**refused.headers, **asked})


def _limit(text: str) -> float | None:
    try:
        return max(0.1, float(text) - _RESERVE_SECONDS)
    except ValueError:
        return None


def _text(status: HTTPStatus, line: str) -> Answer:
    return Answer(status, f"{line}\n".encode(), {"Content-Type": _PLAIN})
