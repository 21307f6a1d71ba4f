"""A private Prometheus and Alertmanager start, answer and are gone afterwards."""

from pathlib import Path

import psutil
import pytest

from processor.alerting.prometheus_api import Answer, Sample, ask
from processor.alerting.servers import running_alertmanager, running_prometheus
from processor.errors import NetworkError, ResourceError
from tests.monitoring.conftest import Tools
from tests.ports import own_port


@pytest.fixture
def alertmanager_config(tmp_path: Path) -> Path:
    file = tmp_path / "alertmanager.yml"
    file.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
    return file


@pytest.fixture
def prometheus_config(tmp_path: Path) -> Path:
    file = tmp_path / "prometheus.yml"
    file.write_text("global: {scrape_interval: 1s}\n")
    return file


def test_prometheus_answers_and_is_gone_after_the_block(tools: Tools, tmp_path: Path, prometheus_config: Path) -> None:
    with running_prometheus(tools.prometheus, tmp_path, prometheus_config) as server:
        assert ask(server.url, "vector(42)") == Answer((Sample({}, 42.0),), ())
        assert ask(server.url, "1 + 1") == Answer((Sample({}, 2.0),), ())
    assert not psutil.pid_exists(server.process.pid)


def test_prometheus_goes_on_with_the_data_of_its_folder(tools: Tools, tmp_path: Path, prometheus_config: Path) -> None:
    with running_prometheus(tools.prometheus, tmp_path, prometheus_config):
        pass
    with running_prometheus(tools.prometheus, tmp_path, prometheus_config):
        assert (tmp_path / "prometheus" / "wal").is_dir()


def test_alertmanager_starts_with_its_default_templates(
    tools: Tools, tmp_path: Path, alertmanager_config: Path
) -> None:
    with running_alertmanager(tools.alertmanager, tmp_path, alertmanager_config) as server:
        assert server.process.poll() is None
    assert not psutil.pid_exists(server.process.pid)


def test_a_wrong_configuration_is_told_with_the_servers_words(tools: Tools, tmp_path: Path) -> None:
    wrong = tmp_path / "prometheus.yml"
    wrong.write_text("scrape_configs: 7\n")
    with (
        pytest.raises(ResourceError, match=r"prometheus ended with exit code 2: .*cannot unmarshal"),
        running_prometheus(tools.prometheus, tmp_path, wrong),
    ):
        pytest.fail("it started")


def test_a_refused_expression_is_told_with_the_reason(tools: Tools, tmp_path: Path, prometheus_config: Path) -> None:
    with (
        running_prometheus(tools.prometheus, tmp_path, prometheus_config) as server,
        pytest.raises(NetworkError, match=r"/api/v1/query refused: .*parse error"),
    ):
        ask(server.url, "up{")


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(NetworkError, match=r"gave no answer: .*is Prometheus running there"):
        ask(f"http://127.0.0.1:{own_port()}", "up")
