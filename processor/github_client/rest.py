"""Send one REST call and give its answer or the right error: throttled, observed, reads tried again, limits obeyed."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from urllib3.exceptions import HTTPError

from processor.errors import GitHubAuthError, GitHubError
from processor.github_client.network_failures import network_failure
from processor.github_client.pygithub import AppAuthToken, Auth, HTTPSRequestsConnectionClass, Requester, TokenAuth
from processor.github_client.rate_limits import RateLimits, rate_limited
from processor.github_client.refusals import github_words, refusal
from processor.github_client.retries import wait_before_retry
from processor.github_client.server_clock import ServerClock
from processor.github_client.throttle import Throttle
from processor.github_client.transport import Transport
from processor.github_client.values import Answer, EndpointGroup, Failure, RequestObservation, StatusClass
from processor.settings.sections import GitHub

API_VERSION = "2022-11-28"
_USER_AGENT = "auto-issue-processor-a2a"
_READS = frozenset({"GET", "HEAD"})
_TOKEN = re.compile(r"[!-~]+")

Observer = Callable[[RequestObservation], None]
Pause = Callable[[float], bool]
"""Waits some seconds; False when the wait was cut short because the program must stop."""


class Rest:
    """The way to one GitHub for one set of credentials; usable from several threads."""

    def __init__(
        self,
        settings: GitHub,
        transport: Transport,
        limits: RateLimits,
        throttle: Throttle,
        server_clock: ServerClock,
        *,
        observer: Observer,
        pause: Pause,
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._limits = limits
        self._throttle = throttle
        self._server_clock = server_clock
        self._observer = observer
        self._pause = pause

    def call(
        self,
        verb: str,
        path: str,
        *,
        group: EndpointGroup,
        secret: str,
        is_jwt: bool = False,
        is_repeatable: bool | None = None,
        parameters: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request and give the answer, whose status is below 400.

        Args:
            is_repeatable: whether a second sending does no harm; None means that reads may be repeated and writes not.

        Raises:
            GitHubError: or one of its kinds, as the answer says.
            NetworkError: no whole answer came; a write may have taken effect.
        """
        self._limits.check()
        sending = _Sending(
            verb=verb,
            path=path,
            group=group,
            auth=_auth(secret, is_jwt),
            parameters=parameters or {},
            headers=headers or {},
            body=body,
        )
        may_repeat = verb in _READS if is_repeatable is None else is_repeatable
        attempts = self._settings.read_attempts if may_repeat else 1
        budget = self._settings.max_wait_seconds
        attempt = 1
        while True:
            outcome = self._try(sending)
            if isinstance(outcome, Answer):
                return outcome
            wait = wait_before_retry(outcome, attempt=attempt, attempts=attempts, budget_seconds=budget)
            if wait is None or not self._pause(wait):
                raise outcome.error
            budget -= wait
            attempt += 1

    def _try(self, sending: "_Sending") -> Answer | Failure:
        self._throttle.wait(is_write=sending.is_write)
        started = time.monotonic()
        answer = self._exchange(sending)
        if isinstance(answer, Answer):
            self._server_clock.note(answer.headers)
        limit = self._limits.note(answer) if isinstance(answer, Answer) else None
        outcome = self._judge(answer, sending) if isinstance(answer, Answer) else answer
        self._observer(
            RequestObservation(
                endpoint=sending.group,
                code=_status_class(outcome),
                duration_seconds=time.monotonic() - started,
                rate_limit=limit,
            )
        )
        return outcome

    def _exchange(self, sending: "_Sending") -> Answer | Failure:
        """Send once; the result is whatever GitHub answered, or why there is no whole answer."""
        requester = Requester(
            auth=sending.auth,
            base_url=self._settings.base_url,
            timeout=int(self._settings.timeout_seconds),
            user_agent=_USER_AGENT,
            per_page=100,
            verify=True,
            retry=None,
            pool_size=None,
            api_version=API_VERSION,
        )
        try:
            status, headers, text = requester.requestJson(
                sending.verb,
                sending.path,
                parameters=dict(sending.parameters),
                headers=dict(sending.headers),
                input=sending.body,
                cnx=cast("HTTPSRequestsConnectionClass", self._transport.connection()),
            )
        except GitHubError as exc:
            return Failure(exc, StatusClass.NONE)
        except (OSError, HTTPError, ValueError) as exc:
            # requests' errors are OSErrors, and so is an authority file that cannot be read; the others come from
            # addresses that cannot be.
            return network_failure(exc, sending.name, self._settings.timeout_seconds, is_write=sending.is_write)
        return _parsed(status, headers, text, sending.name)

    def _judge(self, answer: Answer, sending: "_Sending") -> Answer | Failure:
        if answer.status < 300 or answer.status == 304:
            return answer
        wait = self._limits.note_refusal(answer)
        if wait is not None:
            until = self._limits.limited_until or datetime.now(UTC)
            error = rate_limited(until, f"{sending.name} was refused ({answer.status} {github_words(answer)})")
            return Failure(error, StatusClass.LIMITED, is_passing=True, wait_seconds=wait)
        return refusal(answer, sending.name, sending.group)


@dataclass(frozen=True, kw_only=True)
class _Sending:
    """What one call sends, as often as it is tried."""

    verb: str
    path: str
    group: EndpointGroup
    auth: Auth
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    body: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        return f"{self.verb} {self.path}"

    @property
    def is_write(self) -> bool:
        return self.verb not in _READS


def _auth(secret: str, is_jwt: bool) -> Auth:
    remedy = "put one into github.token_file or GITHUB_TOKEN, then run `aip check`"
    if not secret:
        raise GitHubAuthError(f"there is no GitHub token; {remedy}")
    if not _TOKEN.fullmatch(secret):
        # Checked here, because the errors of the libraries below would show it.
        raise GitHubAuthError(f"the GitHub token holds blanks or characters that no token has; {remedy}")
    return AppAuthToken(secret) if is_jwt else TokenAuth(secret)


def _parsed(status: int, headers: Mapping[str, str], text: str, name: str) -> Answer | Failure:
    try:
        data = json.loads(text) if text else None
    except ValueError:
        if status >= 400:
            return Answer(status, headers)
        problem = f"the answer to {name} is not JSON ({status}, {len(text)} characters)"
        return Failure(GitHubError(f"{problem}; check github.base_url and the proxy"), StatusClass.NONE)
    return Answer(status, headers, data, len(text))


def _status_class(outcome: Answer | Failure) -> StatusClass:
    if isinstance(outcome, Failure):
        return outcome.status
    return StatusClass.UNCHANGED if outcome.status == 304 else StatusClass.DONE
