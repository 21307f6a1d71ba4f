"""Look and act through a service's API alone, from wherever it is reached."""

import time
from dataclasses import dataclass
from typing import Any

import requests

from processor.cli.top.picture import BACKLOG_SHOWN, FAILED_SHOWN, Picture, failed_rows, summary, work_rows
from processor.errors import NetworkError, ProcessorError

_ANSWER_SECONDS = 10
_BAD = "outcome=error&outcome=timeout&outcome=rejected"


@dataclass(frozen=True)
class ServiceDesk:
    """A service by its address, such as http://127.0.0.1:8080; without a token only looking near by is possible."""

    url: str
    token: str | None
    actor: str

    def look(self) -> Picture:
        """See how things stand."""
        try:
            picture = self._see()
            summary(picture), work_rows(picture), failed_rows(picture)
        except (KeyError, TypeError, AttributeError) as exc:
            raise ProcessorError(
                f"what answers at {self.url} is no service that this program understands; is it another version?"
            ) from exc
        return picture

    def _see(self) -> Picture:
        queue = self._ask("GET", f"/api/queue?limit={BACKLOG_SHOWN}")
        status = self._ask("GET", "/api/status")
        failed = self._ask("GET", f"/api/runs?{_BAD}&limit={FAILED_SHOWN}")["runs"]
        ended = {run["run_id"] for run in failed}  # a run may end between the questions
        return Picture(
            seen_at=time.time(),
            source=f"from the service at {self.url}",
            status=status,
            active=[run for run in queue["active"] if run["run_id"] not in ended],
            backlog=queue["backlog"],
            failed=failed,
            backlog_total=queue["total"],
            dead_letters=len(queue["dead_letters"]),
        )

    def hold(self, *, is_paused: bool, reason: str) -> str:
        """Pause or go on."""
        self._ask("POST", "/api/pause" if is_paused else "/api/resume", self._word(reason))
        return "paused; active runs go on" if is_paused else "resumed"

    def cancel(self, run_id: str, reason: str) -> str:
        """Cancel a run."""
        done = self._ask("POST", f"/api/runs/{run_id}/cancel", self._word(reason))
        return f"run {run_id} {'ended' if done['has_ended'] else 'is asked to stop'}"

    def retry(self, issue: str, reason: str) -> str:
        """Have an issue processed once more."""
        done = self._ask("POST", "/api/retry", {"issue": issue, **self._word(reason)})
        return f"{done['issue']} is queued as run {done['run_id']}"

    def set_level(self, level: str, duration: str, reason: str) -> str:
        """Put every host at a level for a while, or `auto`."""
        lasting = {} if level == "auto" else {"for": duration}
        self._ask("PUT", "/api/capacity", {"level": level, **lasting, **self._word(reason)})
        return "every host follows its load" if level == "auto" else f"every host at {level} for {duration}"

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            with requests.Session() as session:
                session.trust_env = False  # a proxy for the internet does not know this machine's own services
                answer = session.request(
                    method, f"{self.url}{path}", json=body, headers=headers, timeout=_ANSWER_SECONDS
                )
                told = answer.json()
        except (requests.RequestException, ValueError) as exc:
            raise NetworkError(
                f"the service at {self.url} does not answer ({type(exc).__name__}); is it there?"
            ) from exc
        if answer.status_code != 200:
            raise ProcessorError(str(told.get("detail", answer.status_code)))
        return told

    def _word(self, reason: str) -> dict[str, str]:
        return {"reason": reason, "by": self.actor}
