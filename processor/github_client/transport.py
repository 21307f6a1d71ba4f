"""Carry one request of PyGithub over a shared pool of connections, with our proxy, authority, time limit and origin.

PyGithub's own connection keeps the request in fields that all threads share, reads the proxy from the process's
environment, and drops the query when it follows a redirect; so each call gets a `Connection` of its own from here.
"""

import time
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError

from processor.errors import GitHubError
from processor.github_client.addresses import origin
from processor.settings.sections import GitHub

_REDIRECTS = frozenset({301, 302, 307, 308})
_NOT_READY = 202
_MOST_REDIRECTS = 3
_POOL_SIZE = 32
_CHUNK_BYTES = 65_536
_MOST_BYTES = 50_000_000


class Transport:
    """A pool of connections to one origin; usable from several threads."""

    def __init__(self, settings: GitHub, proxy: str | None) -> None:
        self._base_url = settings.base_url
        self._timeout_seconds = settings.timeout_seconds
        self._session = requests.Session()
        # The environment and .netrc are read by nobody here: what counts was chosen from the settings.
        self._session.trust_env = False
        self._session.verify = str(settings.ca_file) if settings.ca_file else True
        self._session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=0, pool_maxsize=_POOL_SIZE))

    def connection(self) -> "Connection":
        """Give a connection for one call."""
        return Connection(self._session, self._base_url, self._timeout_seconds)

    def close(self) -> None:
        """Close the pooled connections; a later call opens new ones."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Response:
    """An answer whose body is here whole, in the shape that PyGithub reads."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self._headers = headers
        self._body = body

    def getheaders(self) -> list[tuple[str, str]]:
        """Give the headers."""
        return list(self._headers.items())

    def read(self) -> str:
        """Give the body; GitHub's JSON is UTF-8."""
        return self._body.decode("utf-8", errors="replace")


class Connection:
    """One call: PyGithub says `request`, then `getresponse`."""

    def __init__(self, session: requests.Session, base_url: str, timeout_seconds: float) -> None:
        self._session = session
        self._base_url = base_url
        self._timeout_seconds = timeout_seconds
        self._verb = ""
        self._path = ""
        self._body: str | None = None
        self._headers: dict[str, str] = {}

    def request(self, verb: str, path: str, body: str | None, headers: dict[str, str], stream: bool = False) -> None:  # noqa: ARG002 PyGithub's signature
        """Take what is to be sent."""
        self._verb, self._path, self._body, self._headers = verb, path, body, headers

    def getresponse(self) -> Response:
        """Send it, follow redirects within the origin, and read the whole answer within the time limit.

        Raises:
            GitHubError: redirected to another origin, not ready, or the answer is too large.
            requests.RequestException: no whole answer came.
        """
        deadline = time.monotonic() + self._timeout_seconds
        url = urljoin(self._base_url, self._path)
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._send(url, deadline)
            location = dict(response.getheaders()).get("location")
            if response.status == _NOT_READY and self._verb in {"GET", "HEAD"}:
                # PyGithub would ask again every three seconds without an end.
                raise GitHubError(f"GitHub is still preparing the answer to {self._verb} {self._path} (202); ask later")
            if response.status not in _REDIRECTS or not location:
                return response
            url = redirected(url, location)
        raise GitHubError(
            f"GitHub redirected {self._verb} {self._path} more than {_MOST_REDIRECTS} times; check github.base_url"
        )

    def _send(self, url: str, deadline: float) -> Response:
        with self._session.request(
            self._verb,
            url,
            headers=self._headers,
            data=self._body.encode() if self._body is not None else None,
            timeout=max(0.001, deadline - time.monotonic()),
            allow_redirects=False,
            stream=True,
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Response(response.status_code, headers, _read_body(response, deadline))


def redirected(url: str, location: str) -> str:
    """Give the address to go on with; the query is kept when the redirect names none.

    Raises:
        GitHubError: it is on another origin, which must not see the token.
    """
    target = urljoin(url, location)
    if origin(target) != origin(url):
        here, there = urlsplit(url), urlsplit(target)
        raise GitHubError(
            f"{here.scheme}://{here.netloc} redirected to {there.scheme}://{there.hostname}, "
            "where the token is not sent; "
            "set github.base_url to the new address if it is right"
        )
    query = urlsplit(url).query
    return f"{target}?{query}" if query and not urlsplit(target).query else target


def _read_body(response: requests.Response, deadline: float) -> bytes:
    # Read whatever is there, because the time limit of requests is per piece and iter_content waits for full ones: a
    # slow drip would never end.
    pieces: list[bytes] = []
    size = 0
    while piece := _read_some(response):
        pieces.append(piece)
        size += len(piece)
        if time.monotonic() > deadline:
            raise requests.ReadTimeout
        if size > _MOST_BYTES:
            raise GitHubError(f"GitHub's answer is larger than {_MOST_BYTES} bytes; it was not read to its end")
    return b"".join(pieces)


def _read_some(response: requests.Response) -> bytes:
    try:
        return bytes(response.raw.read1(_CHUNK_BYTES, decode_content=True))
    except ReadTimeoutError as exc:
        raise requests.ReadTimeout from exc
    except HTTPError as exc:
        raise requests.ConnectionError from exc
