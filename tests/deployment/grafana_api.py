"""Ask a Grafana whether it holds what is provisioned: data sources answer, dashboards load, the log is clean."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

_SECONDS = 30
_WORD = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)')


@dataclass(frozen=True)
class Expected:
    """A dashboard as its file has it, and the folder that its provider puts it into."""

    uid: str
    title: str
    panels: int
    folder: str


@dataclass(frozen=True)
class Grafana:
    """A server and its administrator."""

    url: str
    password: str

    def get(self, path: str) -> tuple[int, Any]:
        """Give the status of an answer and what it says; status 0 when nobody answers, or not in JSON."""
        try:
            answer = requests.get(self.url + path, auth=("admin", self.password), timeout=_SECONDS)
        except requests.RequestException as exc:
            return 0, {"message": str(exc)}
        try:
            return answer.status_code, answer.json()
        except requests.JSONDecodeError:
            return 0, {"message": f"answer {answer.status_code} is no JSON: {answer.text[:80]!r}"}


def findings(grafana: Grafana, sources: Sequence[str], dashboards: Sequence[Expected], log: str) -> list[str]:
    """Say what is wrong, a line each; nothing when all is well.

    Source: https://grafana.com/docs/grafana/latest/developers/http_api/
    """
    status, health = grafana.get("/api/health")
    if status != 200 or health.get("database") != "ok":
        return [f"Grafana is not well ({status}): {_said(health)}"]
    return [
        *(found for uid in sources for found in _source(grafana, uid)),
        *(found for dashboard in dashboards for found in _dashboard(grafana, dashboard)),
        *provisioning_errors(log),
    ]


def provisioning_errors(log: str) -> list[str]:
    """Pick what provisioning complained of out of Grafana's log."""
    found = []
    for line in log.splitlines():
        words = {name: value.strip('"') for name, value in _WORD.findall(line)}
        if words.get("logger", "").startswith("provisioning") and words.get("level") in {"error", "critical"}:
            what = " ".join(words[name] for name in ("file", "error") if name in words)
            found.append(f"the log says: {words.get('msg', '')} {what}".rstrip())
    return found


def _source(grafana: Grafana, uid: str) -> Iterator[str]:
    status, answer = grafana.get(f"/api/datasources/uid/{uid}/health")
    if status != 200 or answer.get("status") != "OK":
        yield f"data source {uid} does not answer ({status}): {_said(answer)}"


def _dashboard(grafana: Grafana, expected: Expected) -> Iterator[str]:
    status, answer = grafana.get(f"/api/dashboards/uid/{expected.uid}")
    if status != 200:
        yield f"dashboard {expected.uid} does not load ({status}): {_said(answer)}"
        return
    dashboard, meta = answer["dashboard"], answer["meta"]
    shown = Expected(
        dashboard.get("uid"), dashboard.get("title"), len(dashboard.get("panels", ())), meta.get("folderUid")
    )
    if shown != expected:
        yield f"dashboard {expected.uid} is another one: {shown}, not {expected}"
    if not meta.get("provisioned"):
        yield f"dashboard {expected.uid} is not a provisioned one"


def _said(answer: Mapping[str, Any]) -> str:
    return str(answer.get("message") or answer)
