"""What Grafana reads at its start fits the dashboards: uids, folders and paths."""

import yaml

from grafana.src import ledger
from grafana.src.catalogue import FOLDER
from grafana.src.frame import PROVISIONED
from grafana.src.words import LANGUAGES
from tests.contract.alerts import PROMETHEUS, ROOT
from tests.grafana.boards import boards, panels

PROVISIONING = FOLDER.parent / "provisioning"


def _read(path: str) -> dict:
    return yaml.safe_load((PROVISIONING / path).read_text(encoding="utf-8"))


def test_the_dashboards_open_with_the_provisioned_data_source() -> None:
    (source,) = _read("datasources/prometheus.yml")["datasources"]
    assert (source["uid"], source["type"]) == (PROVISIONED, "prometheus")
    currents = [one["current"]["value"] for board in boards() for one in board["templating"]["list"]
                if one["name"] == "datasource"]  # fmt: skip
    assert set(currents) == {PROVISIONED}


def test_the_explorer_opens_with_the_provisioned_ledger() -> None:
    (source,) = _read("datasources/ledger.yml")["datasources"]
    assert (source["uid"], source["type"]) == (ledger.PROVISIONED, ledger.TYPE)
    assert source["secureJsonData"]["password"].startswith("$__file{/")
    variables = {one["name"]: one for board in boards() for one in board["templating"]["list"]}
    assert (variables["ledger"]["query"], variables["ledger"]["current"]["value"]) == (source["type"], source["uid"])


def test_a_dot_on_a_graph_leads_to_its_run() -> None:
    """The exporter names the run `run_id`; Grafana takes $$ in these files for a plain $."""
    (source,) = _read("datasources/prometheus.yml")["datasources"]
    (leads,) = source["jsonData"]["exemplarTraceIdDestinations"]
    assert leads["name"] == "run_id"
    assert leads["url"] == "/d/aip-explorer?var-run=$${__value.raw}"
    drawn = [target for panel in panels() for target in panel.json["targets"] if target.get("exemplar")]
    assert drawn
    assert all("_bucket{" in target["expr"] for target in drawn)


def test_the_data_source_knows_how_often_is_scraped() -> None:
    (source,) = _read("datasources/prometheus.yml")["datasources"]
    config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))
    assert source["jsonData"]["timeInterval"] == config["global"]["scrape_interval"]


def test_each_language_has_its_folder() -> None:
    providers = _read("dashboards/aip.yml")["providers"]
    assert [one["options"]["path"].rpartition("/")[2] for one in providers] == list(LANGUAGES)
    assert all((FOLDER / language).is_dir() for language in LANGUAGES)
    assert len({one["folderUid"] for one in providers}) == len({one["folder"] for one in providers}) == len(providers)
    assert all(one["allowUiUpdates"] is False for one in providers)


def test_compose_mounts_what_grafana_reads_at_its_start() -> None:
    """Its folders of provisioning, the dashboards where the providers look, and the secret that a data source names."""
    grafana = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]["grafana"]
    short = [one.split(":") for one in grafana["volumes"] if isinstance(one, str)]
    mounts = {target: ROOT / source for source, target, *_ in short}
    mounts_of_volumes = {one["target"] for one in grafana["volumes"] if isinstance(one, dict)}
    for part in ("datasources", "dashboards"):
        assert list(mounts[f"/etc/grafana/provisioning/{part}"].glob("*.yml"))
    for provider in _read("dashboards/aip.yml")["providers"]:
        assert provider["options"]["path"].rpartition("/")[0] in mounts_of_volumes
    sources = [one for file in mounts["/etc/grafana/provisioning/datasources"].glob("*.yml")
               for one in yaml.safe_load(file.read_text(encoding="utf-8"))["datasources"]]  # fmt: skip
    assert {one["uid"] for one in sources} == {PROVISIONED, ledger.PROVISIONED}
    secrets = {one["secureJsonData"]["password"] for one in sources if "secureJsonData" in one}
    assert secrets <= {f"$__file{{/run/secrets/{name}}}" for name in grafana["secrets"]}
