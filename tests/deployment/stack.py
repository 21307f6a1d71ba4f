"""The stack of docker-compose.yml works, outlives the death of each part and loses nothing. For make test-deployment.

The tests follow each other on one running stack, as a day of an operator would.
"""

import json
import secrets
import shutil
from collections.abc import Iterator

import pytest
import requests
import yaml

from tests.deployment.compose_project import PROJECT, VERSION, ComposeProject, copied_project

#: Of the last two scrapes alone: what Prometheus saw before it was ended itself, it shows for five minutes.
UP, PROCESSORS = "last_over_time(up[40s])", 'last_over_time(up{job="aip-processor"}[40s])'
LONG_LIVED = ("alertmanager", "exporter", "forge", "postgres", "processor", "prometheus")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeProject]:
    """Start everything with the profile demo; remove everything at the end, volumes too."""
    project = copied_project(tmp_path_factory.mktemp("deployment"))
    try:
        project.up("--build")
        yield project
    finally:
        project.compose("down", "--volumes", "--remove-orphans")


def all_targets_are_up(stack: ComposeProject) -> bool:
    return (stack.query(f"count({UP} == 1)"), stack.query(f"count({UP} == 0)")) == (4.0, None)


def test_every_target_comes_up(stack: ComposeProject) -> None:
    stack.wait_for(lambda: all_targets_are_up(stack), "four targets that are up")
    assert stack.query("max(prometheus_config_last_reload_successful)") == 1


def test_an_issue_becomes_a_pull_request_that_prometheus_counts(stack: ComposeProject) -> None:
    stack.wait_for(lambda: stack.successes() > 0, "a run that succeeded")
    stack.wait_for(lambda: stack.query('sum(aip_runs_total{outcome="success"})'), "the count in Prometheus")


def test_an_alert_comes_back_to_the_processor_with_its_token(stack: ComposeProject) -> None:
    def incidents() -> object:
        listed = stack.compose("exec", "-T", "processor", "aip", "alerts", "list", "--history", "--json")
        return "Watchdog" in listed

    stack.wait_for(incidents, "Watchdog in the incident history")


def test_a_container_is_not_root_writes_nothing_and_has_no_compiler(stack: ComposeProject) -> None:
    for service in LONG_LIVED:
        [container] = stack.containers(service)
        inspected = json.loads(stack.docker("inspect", container))[0]
        assert inspected["Config"]["User"] not in {"", "0", "root"}
        assert inspected["HostConfig"]["ReadonlyRootfs"]
        assert inspected["HostConfig"]["CapDrop"] == ["ALL"]
    programs = stack.compose("exec", "-T", "processor", "sh", "-c", "which git bwrap gcc cc || true").split()
    assert "/usr/bin/git" in programs
    assert "/usr/bin/bwrap" in programs
    assert not [name for name in programs if name.endswith(("gcc", "/cc"))]


def test_no_secret_stands_in_the_environment_or_on_a_command_line(stack: ComposeProject) -> None:
    texts = [path.read_text() for path in (stack.folder / "secrets").iterdir() if path.read_text()]
    assert len(texts) == 5
    shown = stack.docker("inspect", *(stack.containers(service)[0] for service in LONG_LIVED))
    assert not [text for text in texts if text in shown]


def test_the_reader_reads_the_ledger_and_writes_nothing(stack: ComposeProject) -> None:
    def as_reader(statement: str) -> str:
        shell = 'PGPASSWORD=$(cat) psql -h postgres -U aip_reader -d aip -At -c "$0" 2>&1 || true'
        secret = (stack.folder / "secrets" / "reader_password").read_text()
        return stack.compose("exec", "-T", "postgres", "sh", "-c", shell, statement, text=secret).strip()

    assert int(as_reader("SELECT count(*) FROM aip.facts")) > 0
    assert "permission denied" in as_reader("BEGIN READ WRITE; DELETE FROM aip.runs")
    assert "permission denied" in as_reader("SELECT * FROM dbos.workflow_status")


@pytest.mark.parametrize("service", LONG_LIVED)
def test_the_death_of_a_container_is_survived(stack: ComposeProject, service: str) -> None:
    before = stack.successes()
    stack.docker("kill", *stack.containers(service))
    # An engine takes `docker kill` for the operator's wish and does not start the container again by itself.
    stack.up()
    assert stack.successes() >= before
    stack.wait_for(lambda: all_targets_are_up(stack), f"all targets after the death of {service}")
    stack.wait_for(lambda: stack.successes() > before, f"a further success after the death of {service}")


def test_down_and_up_lose_nothing(stack: ComposeProject) -> None:
    stack.wait_for(lambda: (stack.query('sum(aip_runs_total{outcome="success"})') or 0) >= 1, "a count before")
    before, counted = stack.successes(), stack.query('sum(aip_runs_total{outcome="success"})')
    stack.compose("down")
    stack.up()
    assert stack.successes() >= before
    assert stack.query('max_over_time(sum(aip_runs_total{outcome="success"})[1h:15s])') is not None
    stack.wait_for(lambda: (stack.query('sum(aip_runs_total{outcome="success"})') or 0) >= (counted or 0), "the count")
    incidents = stack.compose("exec", "-T", "processor", "aip", "alerts", "list", "--history", "--json")
    assert "Watchdog" in incidents


def test_three_processors_share_the_work_and_prometheus_finds_them(stack: ComposeProject) -> None:
    stack.up("--scale", "processor=3")
    stack.wait_for(lambda: stack.query(f"count({PROCESSORS} == 1)") == 3, "three processors in Prometheus")
    names = stack.compose("exec", "-T", "processor", "sh", "-c", "ls /var/lib/aip").split()
    assert {"1", "2", "3"} <= set(names)
    before = stack.successes()
    stack.docker("kill", stack.containers("processor")[0])
    stack.wait_for(lambda: stack.successes() > before, "a further success with two processors")


def test_a_link_begins_with_the_address_of_this_installation(stack: ComposeProject) -> None:
    ports = stack.ports
    answer = requests.get(f"http://127.0.0.1:{ports['AIP_PROMETHEUS_PORT']}/api/v1/alerts", timeout=10).json()
    [watchdog] = [one for one in answer["data"]["alerts"] if one["labels"]["alertname"] == "Watchdog"]
    grafana = f"http://localhost:{ports['AIP_GRAFANA_PORT']}"
    assert watchdog["annotations"]["dashboard_url"].startswith(f"{grafana}/d/")
    runbook = watchdog["annotations"]["runbook_url"]
    assert requests.get(runbook, timeout=10).status_code == 200
    stack.compose("run", "--rm", "dashboards")
    written = stack.compose("run", "--rm", "--entrypoint", "cat", "dashboards", "/var/lib/dashboards/en/aip-slo.json")
    assert f'"query": "http://localhost:{ports["AIP_PROMETHEUS_PORT"]}"' in written


def test_a_rotated_database_password_needs_no_restart(stack: ComposeProject) -> None:
    ours = [*stack.containers("processor"), *stack.containers("exporter")]
    started = stack.docker("inspect", "--format", "{{.State.StartedAt}}", *ours)
    new = secrets.token_hex(32)
    stack.sql(f"ALTER ROLE aip PASSWORD '{new}'")
    (stack.folder / "secrets" / "database_password").write_text(new)
    stack.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'aip' AND pid <> pg_backend_pid()"
    )
    before = stack.successes()
    stack.wait_for(lambda: stack.successes() > before, "a further success with the new password")
    assert stack.docker("inspect", "--format", "{{.State.StartedAt}}", *ours) == started


def test_an_agents_program_in_an_image_of_its_own_works_in_a_sandbox(stack: ComposeProject) -> None:
    own = stack.folder / "tests" / "deployment" / "agent"
    stack.docker("build", "--build-arg", f"AIP_VERSION={VERSION}", "--tag", f"{PROJECT}-agent", str(own))
    shutil.copytree(stack.folder / "deploy" / "demo", stack.folder / "settings")
    file = stack.folder / "settings" / "auto_issue_processor.yaml"
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    settings["agents"]["mend"] = {"kind": "command", "argv": ["mend"], "prompt": "stdin"}
    settings["repositories"][0]["agent_by_label"]["ruff-fix"] = "mend"
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    with (stack.folder / "settings" / "security_settings.yaml").open("a", encoding="utf-8") as security:
        security.write("sandbox: bubblewrap\n")
    stack.set(AIP_PROCESSOR_IMAGE=f"{PROJECT}-agent", AIP_CONFIGS="./settings")
    stack.up()
    mended = "SELECT agent_summary FROM aip.runs WHERE agent = 'mend' AND outcome = 'success'"
    [summary, *_] = stack.wait_for(lambda: stack.sql(mended), "an issue that the program mended")
    assert summary == "seen: []; refused: ['unshare', 'setns', 'socket']"


def test_the_forge_shows_what_was_done(stack: ComposeProject) -> None:
    page = requests.get(f"http://127.0.0.1:{stack.ports['AIP_FORGE_PORT']}/demo/dbos", timeout=10)
    assert page.status_code == 200
    assert "dbos" in page.text


def test_a_container_leaves_no_anonymous_volume_behind(stack: ComposeProject) -> None:
    mounted = json.loads(stack.docker("inspect", *(stack.containers(service)[0] for service in LONG_LIVED)))
    names = {mount["Name"] for one in mounted for mount in one["Mounts"] if mount["Type"] == "volume"}
    assert all(name.startswith(f"{PROJECT}_") for name in names), names
