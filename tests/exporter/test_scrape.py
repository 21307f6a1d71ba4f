"""A collector that fails or is slow hides no other, shows its last value and says so; a scrape keeps to its limit."""

import threading
import time

import pytest
from prometheus_client.core import Metric

from exporter.scrape import Scraper


class Switched:
    """A collector that does what the test tells it to."""

    summary = "for tests"
    families = ()

    def __init__(self, name: str = "switched") -> None:
        self.name = name
        self.source = name
        self.value = 1.0
        self.error: Exception | None = None
        self.go = threading.Event()
        self.go.set()
        self.calls = 0

    def collect(self):
        self.calls += 1
        self.go.wait(30)
        if self.error is not None:
            raise self.error
        metric = Metric(self.name, "help", "gauge")
        metric.add_sample(self.name, {}, self.value)
        return [metric]


def _values(metrics) -> dict[str, float]:
    return {"/".join((sample.name, *sample.labels.values())): sample.value for one in metrics for sample in one.samples}


@pytest.fixture
def collector():
    made = Switched()
    yield made
    made.go.set()


def test_a_failing_collector_keeps_its_last_value_and_hides_no_other(collector):
    scraper = Scraper([collector, Switched("other")], 5, time.time)
    assert _values(scraper.scrape())["switched"] == 1
    collector.error = RuntimeError("broken")
    values = _values(scraper.scrape())
    assert (values["switched"], values["other"]) == (1, 1)
    assert values["aip_exporter_collector_success/switched"] == 0
    assert values["aip_exporter_collector_success/other"] == 1
    collector.error, collector.value = None, 2.0
    values = _values(scraper.scrape())
    assert (values["switched"], values["aip_exporter_collector_success/switched"]) == (2, 1)


def test_a_slow_collector_shows_its_last_value_within_the_limit(collector):
    scraper = Scraper([collector], 1.0, time.time)
    while "switched" not in _values(scraper.scrape()):
        pass  # on a machine that stood still for a second, the next one has it
    calls = collector.calls
    collector.go.clear()
    collector.value = 2.0
    began = time.monotonic()
    values = _values(scraper.scrape())
    assert (values["switched"], values["aip_exporter_collector_success/switched"]) == (1, 0)
    assert values["aip_exporter_collector_duration_seconds/switched"] >= 1.0
    assert [one.problem for one in scraper.standings()] == ["it is not done within the limit of a scrape"]
    for _ in range(10):
        scraper.scrape()
    assert time.monotonic() - began < 10  # only the first one waited
    assert collector.calls == calls + 1  # the one that is under way is waited for, no second one is started
    collector.go.set()
    deadline = time.monotonic() + 60
    while _values(scraper.scrape())["aip_exporter_collector_success/switched"] != 1:
        assert time.monotonic() < deadline
    assert _values(scraper.scrape())["switched"] == 2


def test_the_scrapers_own_limit_wins_when_it_is_shorter(collector):
    scraper = Scraper([collector], 60, time.time)
    collector.go.clear()
    began = time.monotonic()
    assert _values(scraper.scrape(0.1))["aip_exporter_collector_success/switched"] == 0
    assert time.monotonic() - began < 30


def test_scrapers_that_come_together_share_one_call(collector):
    scraper = Scraper([collector], 30, time.time)
    collector.go.clear()
    threads = [threading.Thread(target=scraper.scrape) for _ in range(10)]
    for thread in threads:
        thread.start()
    collector.go.set()
    for thread in threads:
        thread.join(30)
    assert collector.calls <= 10
    assert _values(scraper.scrape())["switched"] == 1


def test_its_threads_end_with_it(collector):
    before = set(threading.enumerate())
    scraper = Scraper([collector, Switched("other")], 5, time.time)
    scraper.scrape()
    scraper.scrape()
    started = set(threading.enumerate()) - before
    assert len(started) == 2
    scraper.close()
    for thread in started:
        thread.join(30)
        assert not thread.is_alive()
