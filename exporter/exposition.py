"""Write metrics in the format and the encoding that a scraper asks for."""

import gzip
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder, generate_latest

_PLAIN = "text/plain; version=0.0.4; charset=utf-8"
_CONTENT_TYPE = re.compile(r"[a-z/-]+; version=(0\.0\.4|1\.0\.0); charset=utf-8(; escaping=[a-z0-9-]+)?")
#: Prometheus lies a network away; a higher level costs more time than it saves.
_GZIP_LEVEL = 5


@dataclass(frozen=True)
class Exposition:
    """The body of an answer and the headers that say what it is."""

    body: bytes
    content_type: str
    encoding: str | None


@dataclass(frozen=True)
class _Scraped:
    """What the client library writes from."""

    metrics: Sequence[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.metrics


def expose(metrics: Sequence[Metric], accept: str, accept_encoding: str) -> Exposition:
    """Write the metrics: OpenMetrics or the text format, gzipped for those who take it."""
    encode, content_type = _encoder(accept)
    if not content_type.startswith("application/openmetrics-text"):
        metrics = [_without_created(metric) for metric in metrics]
    body = encode(_Scraped(metrics))
    if not _takes_gzip(accept_encoding):
        return Exposition(body, content_type, None)
    return Exposition(gzip.compress(body, _GZIP_LEVEL, mtime=0), content_type, "gzip")


def as_text(metrics: Sequence[Metric]) -> str:
    """Write the metrics in the text format, for a person or a file."""
    return generate_latest(_Scraped([_without_created(metric) for metric in metrics])).decode()


def _encoder(accept: str) -> tuple[Callable[[_Scraped], bytes], str]:
    """Let the library choose; a version that nobody writes, which it would send back, gets the plain format."""
    try:
        encode, content_type = choose_encoder(accept)
    except (ValueError, TypeError):
        return generate_latest, _PLAIN
    return (encode, content_type) if _CONTENT_TYPE.fullmatch(content_type) else (generate_latest, _PLAIN)


def _without_created(metric: Metric) -> Metric:
    """Leave the created times out: in the text format each would be a series of its own."""
    if metric.type not in {"counter", "histogram"}:
        return metric
    kept = Metric(metric.name, metric.documentation, metric.type)
    kept.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
    return kept


def _takes_gzip(accept_encoding: str) -> bool:
    """Look for gzip with a weight above 0. Source: RFC 9110, 12.5.3."""
    for offer in accept_encoding.lower().split(","):
        coding, _, parameters = offer.partition(";")
        if coding.strip() in {"gzip", "*"}:
            weight = parameters.replace(" ", "").removeprefix("q=")
            return weight.strip("0.") != "" if weight else True
    return False
