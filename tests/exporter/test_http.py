"""What a scraper and a person get over real HTTP."""

import gzip
import re
import socket
import threading
import time

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as plain_text

from exporter.exposition import expose
from processor.ledger import queries

OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
#: What Prometheus 3 sends.
PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


@pytest.mark.parametrize("accept", [OPENMETRICS, PROMETHEUS])
def test_openmetrics_carries_created_times_and_exemplars(serve, scene, ledger, accept):
    run_id = scene.finish()
    with ledger.read() as db:
        born_at = queries.born_at(db)
    answer = serve().get(Accept=accept)
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    families = {family.name: family for family in openmetrics(answer.text)}
    created = [one for one in families["aip_runs"].samples if one.name == "aip_runs_created"]
    assert len(created) == 20
    assert {one.value for one in created} == {born_at}
    exemplars = {one.labels["le"]: one.exemplar for one in families["aip_run_duration_seconds"].samples if one.exemplar}
    assert list(exemplars) == ["60.0"]
    assert exemplars["60.0"].labels == {"run_id": run_id}
    assert exemplars["60.0"].value == pytest.approx(40)


def test_the_text_format_has_no_series_of_created_times(serve, scene):
    scene.finish()
    answer = serve().get()
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert re.findall(r"^\w+_created[ {].*", answer.text, re.MULTILINE) == []
    assert " # {" not in answer.text


def test_histograms_are_cumulative_and_consistent(serve, scene):
    for _ in range(3):
        scene.finish()
    for family in openmetrics(serve("runs").get(Accept=OPENMETRICS).text):
        if family.type != "histogram":
            continue
        series: dict[frozenset[tuple[str, str]], list[float]] = {}
        counts: dict[frozenset[tuple[str, str]], float] = {}
        for sample in family.samples:
            labels = frozenset((key, value) for key, value in sample.labels.items() if key != "le")
            if sample.name.endswith("_bucket"):
                series.setdefault(labels, []).append(sample.value)
            if sample.name.endswith("_count"):
                counts[labels] = sample.value
        assert series.keys() == counts.keys()
        for labels, buckets in series.items():
            assert buckets == sorted(buckets)
            assert buckets[-1] == counts[labels]


def test_a_compressed_answer_is_the_same(serve):
    client = serve("runs", "slo")
    packed = client.get(**{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    lines = [line for line in packed.text.splitlines() if "duration_seconds{collector" not in line]
    assert lines == [line for line in client.get().text.splitlines() if "duration_seconds{collector" not in line]
    assert int(packed.headers["Content-Length"]) < len(packed.text) / 5
    assert "Content-Encoding" not in client.get(**{"Accept-Encoding": "gzip;q=0, identity"}).headers


@pytest.mark.usefixtures("scene")
def test_health_and_readiness(serve):
    client = serve()
    assert (client.get("/-/healthy").status_code, client.get("/-/ready").text) == (200, "ready\n")


def test_it_is_not_ready_before_there_is_a_ledger_and_ready_after(serve, office):
    client = serve()
    early = client.get("/-/ready")
    assert early.status_code == 503
    assert early.text.startswith("there is no ledger at ")
    assert client.get("/-/healthy").status_code == 200
    office.ledger().close()
    deadline = time.monotonic() + 60
    while client.get("/-/ready").status_code != 200:  # it looks by itself, nobody scrapes
        assert time.monotonic() < deadline


@pytest.mark.usefixtures("scene")
def test_the_index_page_leads_to_everything_and_shows_each_collector(serve):
    page = serve().get("/").text
    for link in ('href="metrics"', 'href="-/healthy"', 'href="-/ready"'):
        assert link in page
    assert "<td>backlog</td>" in page
    assert '<div role="status" class="good">ready</div>' in page


def test_what_is_not_there_is_said_plainly(serve):
    client = serve("slo")
    missing = client.get("/nothing")
    assert (missing.status_code, missing.text) == (404, "there is nothing here; see / for what there is\n")
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{client.url}/metrics", timeout=60)
        assert answer.status_code == 501
        assert session.head(f"{client.url}/metrics", timeout=60).headers["Content-Type"].startswith("text/plain")


def test_clients_that_misbehave_keep_no_other_waiting(serve):
    client = serve("slo")
    host, port = client.url.removeprefix("http://").split(":")
    silent = [socket.create_connection((host, int(port)), timeout=60) for _ in range(20)]
    for one in silent:
        one.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n")
    assert client.scrape().value("aip_slo_objective_ratio", slo="success") == 0.85
    for one in silent:
        one.close()
    with socket.create_connection((host, int(port)), timeout=60) as rude:
        rude.sendall(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
        assert b"Bad request" in rude.recv(4096)
    assert client.scrape().value("aip_slo_objective_ratio", slo="success") == 0.85


def test_the_body_of_a_request_is_not_taken_for_the_next_one(serve):
    host, port = serve("slo").url.removeprefix("http://").split(":")
    hidden = b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=60) as sly:
        sly.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(hidden), hidden))
        answers = b"".join(iter(lambda: sly.recv(4096), b""))
    assert answers.count(b"HTTP/1.1 200") == 1


def test_many_scrapers_at_once_all_get_the_same_numbers(serve, scene):
    scene.finish()
    client = serve("runs")
    bodies: list[str] = []
    threads = [threading.Thread(target=lambda: bodies.append(client.get().text)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    shown = {"\n".join(line for line in body.splitlines() if line.startswith("aip_runs_total")) for body in bodies}
    assert len(bodies) == 20
    assert len(shown) == 1


@pytest.fixture(scope="module")
def metrics():
    from exporter.collectors.slo import FAMILIES  # noqa: PLC0415

    return [FAMILIES[0].with_values([({"slo": 'quoted " \\ \n line'}, 0.5)])]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(accept=st.text(max_size=80), encoding=st.text(alphabet="gzip;=q0.1,* brdeflat", max_size=40))
def test_whatever_a_client_asks_for_it_gets_metrics(metrics, accept, encoding):
    shown = expose(metrics, f"application/openmetrics-text;version={accept}", encoding)
    body = gzip.decompress(shown.body) if shown.encoding == "gzip" else shown.body
    parse = openmetrics if "openmetrics" in shown.content_type else plain_text
    (family,) = parse(body.decode())
    assert family.samples[0].labels == {"slo": 'quoted " \\ \n line'}
    assert shown.content_type.isprintable()
    assert re.search(r"version=(0\.0\.4|1\.0\.0);", shown.content_type)
