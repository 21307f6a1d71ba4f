"""docker-compose.yml is hardened throughout, and fits prometheus.yml and scripts/init."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.init_script import copied_checkout, initialise

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]

REFUSED = {
    "add_key", "bpf", "chroot", "clock_settime", "finit_module", "fsopen", "init_module", "io_uring_setup",
    "kexec_load", "keyctl", "mount_setattr", "move_mount", "open_by_handle_at", "open_tree", "perf_event_open",
    "reboot", "request_key", "sethostname", "setns", "swapon", "syslog", "userfaultfd",
}  # fmt: skip
FOR_BUBBLEWRAP = [
    "no-new-privileges:true",
    "seccomp:deploy/seccomp.json",
    "apparmor:unconfined",
    "systempaths=unconfined",
]

PRODUCTION = ("--repository", "octo/hello", "--token-file", "token")
DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
OVERRIDE = r"```yml\n(# docker-compose\.override\.yml\n[^`]*)```"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What scripts/init and the engine need of the source tree."""
    return copied_checkout(tmp_path)


def has_compose() -> bool:
    """Tell whether the client of Docker Compose is here; it needs no engine to read a file."""
    if shutil.which("docker") is None:
        return False
    asked = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False, timeout=60)
    return asked.returncode == 0


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_has_no_rights_that_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == (FOR_BUBBLEWRAP if name == "processor" else ["no-new-privileges:true"])
    assert service["user"] not in {"root", "0", "0:0"}
    assert service["mem_limit"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_has_a_pinned_image_a_health_check_and_ports_on_loopback_alone(name: str) -> None:
    service = SERVICES[name]
    assert "latest" not in service["image"]
    assert ":" in service["image"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert "healthcheck" in service or service["restart"] == "no"


def test_the_filter_of_system_calls_refuses_what_it_does_not_name() -> None:
    profile = json.loads((ROOT / "deploy" / "seccomp.json").read_text(encoding="utf-8"))
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    assert not [one for architecture in profile["archMap"] for one in architecture["subArchitectures"]]
    allowed = [name for rule in profile["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW" for name in rule["names"]]
    assert not REFUSED.intersection(allowed)
    without_condition = {name for rule in profile["syscalls"] if "args" not in rule for name in rule["names"]}
    assert not {"clone", "unshare", "socket", "personality"} & without_condition


@pytest.mark.parametrize(
    "name",
    [
        "prometheus/compose.yml",
        *(f"deploy/grafana/datasources/{path.name}" for path in (ROOT / "grafana/provisioning/datasources").iterdir()),
    ],
)
def test_what_names_the_services_is_otherwise_the_committed_file(name: str, tmp_path: Path) -> None:
    subprocess.run([ROOT / "scripts" / "generate-compose-targets", tmp_path], check=True, timeout=30)
    assert (ROOT / name).read_text(encoding="utf-8") == (tmp_path / name).read_text(encoding="utf-8"), "run make docs"


def test_grafana_finds_its_dashboards_where_they_are_mounted() -> None:
    providers = yaml.safe_load((ROOT / "grafana/provisioning/dashboards/aip.yml").read_text(encoding="utf-8"))
    mounted = [volume for volume in SERVICES["grafana"]["volumes"] if isinstance(volume, dict)]
    assert [(volume["source"], volume["target"]) for volume in mounted] == [
        ("dashboards", "/var/lib/grafana/dashboards")
    ]
    _, source, target, _ = SERVICES["dashboards"]["command"]
    assert f"./grafana/dashboards:{source}:ro" in SERVICES["dashboards"]["volumes"]
    assert f"dashboards:{target}" in SERVICES["dashboards"]["volumes"]
    for provider in providers["providers"]:
        below = Path(provider["options"]["path"]).relative_to("/var/lib/grafana/dashboards")
        assert list((ROOT / "grafana/dashboards" / below).glob("*.json"))


def test_dashboards_get_the_operators_time_zone_and_the_address_of_prometheus(checkout: Path) -> None:
    settings = checkout / "configs" / "auto_issue_processor.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("Asia/Tokyo", "Europe/Berlin"), encoding="utf-8")
    target = checkout / "written"
    argv = [sys.executable, ROOT / "deploy/container/write-dashboards", ROOT / "grafana/dashboards", target]
    environment = {**os.environ, "AUTO_ISSUE_CONFIG_DIR": str(checkout / "configs")}
    subprocess.run([*argv, "https://prometheus.example.com/"], env=environment, check=True, timeout=30)
    committed = {
        path.relative_to(ROOT / "grafana/dashboards") for path in (ROOT / "grafana/dashboards").rglob("*.json")
    }
    assert {path.relative_to(target) for path in target.rglob("*.*")} == committed
    for path in target.rglob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert json.loads(text)["timezone"] == "Europe/Berlin"
        assert "localhost" not in text
        assert '"query": "https://prometheus.example.com"' in text


def test_every_processor_is_found_by_name_and_none_has_a_port_of_its_own() -> None:
    jobs = yaml.safe_load((ROOT / "prometheus" / "compose.yml").read_text(encoding="utf-8"))["scrape_configs"]
    [processor] = [job for job in jobs if job["job_name"] == "aip-processor"]
    assert processor["dns_sd_configs"] == [
        {"names": ["processor"], "type": "A", "port": 8080, "refresh_interval": "15s"}
    ]
    assert SERVICES["processor"]["ports"] == ["127.0.0.1::8080"]


def test_who_only_reads_the_ledger_has_no_password_that_writes_it() -> None:
    holders = {name for name, service in SERVICES.items() if "database_password" in service.get("secrets", [])}
    assert holders == {"postgres", "processor", "ledger-reader"}
    for name in ("exporter", "grafana"):
        assert "reader_password" in SERVICES[name]["secrets"]
        assert SERVICES[name]["depends_on"]["ledger-reader"] == {"condition": "service_completed_successfully"}
    [source] = yaml.safe_load((ROOT / "deploy/grafana/datasources/ledger.yml").read_text(encoding="utf-8"))[
        "datasources"
    ]
    assert source["secureJsonData"]["password"] == "$__file{/run/secrets/reader_password}"
    role = next(word for word in SERVICES["ledger-reader"]["command"] if word.startswith("aip_"))
    assert source["user"] == role
    assert f"postgresql://{role}@" in SERVICES["exporter"]["environment"]["AUTO_ISSUE_DATABASE_URL"]


@pytest.mark.parametrize("options", [("--demo",), PRODUCTION], ids=["demo", "production"])
def test_the_file_is_a_compose_file(checkout: Path, options: tuple[str, ...]) -> None:
    (checkout / "token").write_text("a-token")
    assert initialise(checkout, *options).returncode == 0
    assert configured(checkout)


def test_the_demos_github_is_behind_one_port_for_browsers_and_for_the_processor(checkout: Path) -> None:
    assert initialise(checkout, "--demo").returncode == 0
    services = configured(checkout, AIP_FORGE_PORT="18931")
    addresses = {
        services["processor"]["environment"]["AUTO_ISSUE_GITHUB_BASE_URL"],
        services["processor"]["environment"]["AUTO_ISSUE_GITHUB_GIT_URL"],
    }
    assert addresses == {"http://forge.localhost:18931/api/v3", "http://forge:18931"}
    assert "--port=18931" in services["forge"]["command"]
    assert "127.0.0.1:18931" in services["forge"]["healthcheck"]["test"][-1]
    [port] = services["forge"]["ports"]
    assert (port["published"], port["target"]) == ("18931", 18931)


def test_where_a_real_github_is_the_settings_say(checkout: Path) -> None:
    (checkout / "token").write_text("a-token")
    assert initialise(checkout, *PRODUCTION).returncode == 0
    told = configured(checkout)["processor"]["environment"]
    assert (told["AUTO_ISSUE_GITHUB_BASE_URL"], told["AUTO_ISSUE_GITHUB_GIT_URL"]) == ("", "")


@pytest.mark.parametrize("override", re.findall(OVERRIDE, DEPLOYMENT), ids=["sandbox", "remote-write"])
def test_every_override_of_the_documents_fits(checkout: Path, override: str) -> None:
    initialise(checkout, "--demo")
    before = configured(checkout)
    (checkout / "docker-compose.override.yml").write_text(override, encoding="utf-8")
    assert configured(checkout) != before


def configured(checkout: Path, **variables: str) -> dict[str, Any]:
    """Have Docker Compose read the files, and give its services."""
    if not has_compose():
        pytest.skip("there is no client of Docker Compose here")
    argv = ["docker", "compose", "config", "--format", "json"]
    environ = {**os.environ, **variables}
    done = subprocess.run(argv, cwd=checkout, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    services: dict[str, Any] = json.loads(done.stdout)["services"]
    return services
