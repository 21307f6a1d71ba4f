"""The processor's own /metrics answers whatever a client says that it takes."""

import pytest

PLAIN = "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "begins"),
    [
        ("application/openmetrics-text;version=1.0.0,text/plain;q=0.5", "application/openmetrics-text; version=1.0.0"),
        ("*/*", PLAIN),
        ("", PLAIN),
        ("application/openmetrics-text;version=no;q=abc", PLAIN),
        ('application/openmetrics-text;version="1.0.0"', PLAIN),
        ("text/plain;version=1.x", PLAIN),
    ],
)
def test_metrics_come_in_the_format_that_is_asked_for(shared_api, accept, begins):
    answer = shared_api.http.get(f"{shared_api.url}/metrics", headers={"Accept": accept}, timeout=60)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(begins)
