"""What happened to issues, exact to the last digit, from the ledger's totals."""

from processor.model import Outcome, Priority


def test_a_run_is_counted_the_moment_it_is_recorded(serve, scene):
    client = serve()
    assert client.scrape().value("aip_runs_total", repository="octo/hello", priority="high", outcome="success") == 0
    for _ in range(3):
        scene.finish()
    scene.finish(Outcome.ERROR, priority=Priority.LOW)
    scraped = client.scrape_until(lambda seen: sum(seen.values("aip_runs_total").values()) == 4)
    assert scraped.value("aip_runs_total", repository="octo/hello", priority="high", outcome="success") == 3
    assert scraped.value("aip_errors_total", phase="agent", error_type="agent_exit") == 1
    assert scraped.value("aip_run_duration_seconds_bucket", outcome="success", le="60.0") == 3
    assert scraped.value("aip_run_duration_seconds_bucket", outcome="success", le="30.0") == 0
    assert scraped.value("aip_run_duration_seconds_count", outcome="success") == 3


def test_every_label_set_is_there_before_the_processor_ever_ran(office):
    text, problems = office.exporter("runs").once()
    assert problems == (
        f"there is no ledger at {office.root}/state/ledger.sqlite yet; the first start of `aip run` makes it",
    )
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert len([line for line in lines if line.startswith("aip_runs_total{")]) == 4 * 5
    assert 'aip_errors_total{error_type="agent_timeout",phase="gate"} 0.0' in lines


def test_the_ledger_answers_for_what_it_holds_beyond_the_settings(serve, scene):
    scene.finish(repository="octo/retired")
    scraped = serve().scrape()
    assert scraped.value("aip_runs_total", repository="octo/retired", priority="high", outcome="success") == 1
    assert scraped.value("aip_runs_total", repository="octo/retired", priority="low", outcome="timeout") == 0
