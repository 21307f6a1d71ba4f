"""A private Prometheus and Alertmanager with scripted targets before them and receivers behind them."""

import contextlib
import json
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from processor.alerting.drill.baseline import ALERTMANAGER, INSTALLATION, JOB_OF, PROMETHEUS, family
from processor.alerting.drill.changes import Change
from processor.alerting.drill.committed import Committed, Yaml
from processor.alerting.drill.condition import Means
from processor.alerting.drill.history import past_samples, write_past
from processor.alerting.drill.plan import COMMON_SERVICE, Plan
from processor.alerting.drill.private_configuration import (
    Target,
    private_alertmanager,
    private_prometheus,
    private_rules,
)
from processor.alerting.drill.receivers import Receivers, receiving
from processor.alerting.drill.targets import Page, ScriptedTargets, healthy_page
from processor.alerting.ports import kept_port
from processor.alerting.prometheus_api import fetch
from processor.alerting.servers import Server, running_alertmanager, running_prometheus
from processor.alerting.tools import MonitoringTools

#: Prometheus repeats an alert so often; four times as long after its end Alertmanager forgets it.
_RESEND_SECONDS = 1


@dataclass
class Stage:
    """Everything that one or more drills need. `prometheus` is the drill's own server."""

    committed: Committed
    k: float
    folder: Path
    scripted: ScriptedTargets
    targets: Mapping[str, Sequence[Target]]
    receivers: Receivers
    alertmanager: Server
    prometheus: Server
    is_ended: bool = False

    def inject(self, plan: Plan) -> None:
        """Bring the condition about."""
        script = plan.script
        self._change(plan, script.injects)
        if script.silences:
            self._page(plan, script.silences).answering = False
        if script.removes:
            self._point_at({**self.targets, script.removes: ()})

    def heal(self, plan: Plan) -> None:
        """Mend it."""
        script = plan.script
        self._change(plan, script.healing)
        if script.silences:
            self._page(plan, script.silences).answering = True
        if script.removes:
            self._point_at(self.targets)
        if script.means is Means.PROMETHEUS:
            self.is_ended = True
            self.prometheus.process.send_signal(signal.SIGTERM)

    def active_alerts(self) -> list[Yaml]:
        """Give pending and firing alerts as Prometheus has them; none once it is ended."""
        found: list[Yaml] = [] if self.is_ended else fetch(self.prometheus.url, "alerts")["data"]["alerts"]
        return found

    def _change(self, plan: Plan, changes: Mapping[str, Change]) -> None:
        for job in plan.script.jobs:
            own = {series: change for series, change in changes.items() if JOB_OF[family(series)] == job}
            if own:
                self._page(plan, job).change(own)

    def _page(self, plan: Plan, job: str) -> Page:
        return self.scripted.pages[_path(job, plan.service)]

    def _point_at(self, targets: Mapping[str, Sequence[Target]]) -> None:
        _write_prometheus(self.committed, self.k, self.folder, targets, self.alertmanager.url)
        self.prometheus.process.send_signal(signal.SIGHUP)


@contextlib.contextmanager
def running_stage(
    tools: MonitoringTools, committed: Committed, plans: Sequence[Plan], k: float, folder: Path
) -> Iterator[Stage]:
    """Run it all until the end of the block.

    Raises:
        ResourceError: a server does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [alert.name for alert in committed.alerts]
    with (
        receiving(folder, names) as receivers,
        ScriptedTargets().serving() as scripted,
        running_alertmanager(
            tools.alertmanager, folder, _write_alertmanager(committed, k, folder, receivers)
        ) as alertmanager,
        kept_port() as port,
    ):
        own = {PROMETHEUS: f"127.0.0.1:{port}", ALERTMANAGER: urlsplit(alertmanager.url).netloc}
        targets = _targets(plans, scripted, own)
        config = _write_prometheus(committed, k, folder, targets, alertmanager.url)
        if samples := past_samples(plans, time.time()):
            write_past(tools.promtool, folder, samples)
        options = [f"--rules.alert.resend-delay={_RESEND_SECONDS}s"] if _ends_prometheus(plans) else []
        with running_prometheus(tools.prometheus, folder, config, port=port, options=options) as prometheus:
            yield Stage(committed, k, folder, scripted, targets, receivers, alertmanager, prometheus)


def _ends_prometheus(plans: Sequence[Plan]) -> bool:
    return any(plan.script.means is Means.PROMETHEUS for plan in plans)


def _targets(
    plans: Sequence[Plan], scripted: ScriptedTargets, own: Mapping[str, str]
) -> Mapping[str, Sequence[Target]]:
    """Give each drill healthy targets of its own, one set to those that share a service; and the two servers."""
    jobs_of = {
        (plan.service if plan.script.means is Means.TARGETS else COMMON_SERVICE): plan.script.jobs
        if plan.script.means is Means.TARGETS
        else INSTALLATION
        for plan in plans
    }
    targets: dict[str, list[Target]] = {
        job: [Target(address, "/metrics", {"service": "monitoring"})] for job, address in own.items()
    }
    for service, jobs in jobs_of.items():
        for job in jobs:
            path = _path(job, service)
            scripted.pages[path] = healthy_page(job)
            labels = {"service": service, "instance": f"{service}:{job}"}
            targets.setdefault(job, []).append(Target(scripted.address, path, labels))
    return targets


def _path(job: str, service: str) -> str:
    return f"/{job}/{service}"


def _write_alertmanager(committed: Committed, k: float, folder: Path, receivers: Receivers) -> Path:
    config = private_alertmanager(committed.alertmanager, k, committed.alertmanager_folder, receivers.addresses)
    return _write(folder / "alertmanager.yml", config)


def _write_prometheus(
    committed: Committed, k: float, folder: Path, targets: Mapping[str, Sequence[Target]], alertmanager_url: str
) -> Path:
    (folder / "rules").mkdir(exist_ok=True)
    for name, content in committed.rules.items():
        _write(folder / "rules" / name, private_rules(content, k))
    config = private_prometheus(committed.prometheus, k, targets, urlsplit(alertmanager_url).netloc)
    return _write(folder / "prometheus.yml", config)


def _write(file: Path, content: Yaml) -> Path:
    # JSON is YAML, and nothing in it is taken for a number or a date.
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return file
