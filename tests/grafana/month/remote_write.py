"""Give a Prometheus samples of any age by remote write, the one way into a server that runs.

Source: https://prometheus.io/docs/specs/prw/remote_write_spec/ (version 1.0), with the messages of prompb/types.proto
and the block format of https://github.com/google/snappy/blob/main/format_description.txt as one literal.
"""

import struct
from collections.abc import Iterable

import requests

from tests.grafana.month.recording import Labels, Samples

_REQUEST_BYTES = 4_000_000
_HEADERS = {
    "Content-Encoding": "snappy",
    "Content-Type": "application/x-protobuf",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}


def send(url: str, series: Iterable[tuple[Labels, Samples]]) -> None:
    """Send series by their labels, `__name__` included; AssertionError with the server's words when it refuses."""
    body: list[bytes] = []
    size = 0
    for labels, samples in series:
        body.append(_message(labels, samples))
        size += len(body[-1])
        if size > _REQUEST_BYTES:
            _post(url, b"".join(body))
            body, size = [], 0
    _post(url, b"".join(body))


def _post(url: str, message: bytes) -> None:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{url}/api/v1/write", data=_as_snappy(message), headers=_HEADERS, timeout=60)
    assert answer.status_code == 204, answer.text


def _message(labels: Labels, samples: Samples) -> bytes:
    """Write one TimeSeries of a WriteRequest."""
    parts = [_field(1, _field(1, name.encode()) + _field(2, value.encode())) for name, value in sorted(labels) if value]
    parts += map(_sample, samples.moments, samples.values)
    return _field(1, b"".join(parts))


def _sample(moment: float, value: float) -> bytes:
    sample = b"\x09" + struct.pack("<d", value) + b"\x10" + _stamp(moment)
    return b"\x12" + bytes((len(sample),)) + sample


_stamps: dict[float, bytes] = {}


def _stamp(moment: float) -> bytes:
    """Write a time in milliseconds; the same few hundred come again and again."""
    if moment not in _stamps:
        _stamps[moment] = _varint(round(moment * 1000))
    return _stamps[moment]


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def _as_snappy(message: bytes) -> bytes:
    if not message:
        return b"\x00"
    return _varint(len(message)) + b"\xfc" + struct.pack("<I", len(message) - 1) + message
