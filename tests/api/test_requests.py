"""What holds for every request, whatever its route: size, method, form, and one sentence when it is refused."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from processor.api.requests import MAX_BYTES, BodyLimit
from processor.api.server import ApiServer
from processor.settings.sections import Api
from tests.api.conftest import TOKEN, Running


@pytest.mark.parametrize("path", ["/api/status", "/-/healthy", "/-/ready", "/metrics", "/docs", "/openapi.json"])
def test_head_answers_what_get_would_without_the_body(shared_api: Running, path: str) -> None:
    asked = {"Accept-Encoding": "identity"}
    told, whole = (
        shared_api.http.request(method, shared_api.url + path, headers=asked, timeout=60) for method in ("HEAD", "GET")
    )
    assert (told.status_code, told.content) == (200, b"")
    assert told.headers["Content-Type"] == whole.headers["Content-Type"]


@pytest.mark.parametrize("path", ["/api/nothing", "/api/status/", "/", "/api/runs/../../etc/passwd"])
def test_what_is_no_route_leads_to_the_list_of_routes(shared_api: Running, path: str) -> None:
    answer = shared_api.http.get(shared_api.url + path, timeout=60, allow_redirects=False)
    assert (answer.status_code, answer.json()) == (404, {"detail": "there is no such route; /docs lists them"})


def test_another_method_is_refused_with_those_that_there_are(shared_api: Running) -> None:
    answer = shared_api.http.patch(f"{shared_api.url}/api/status", timeout=60)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert answer.json()["detail"] == "this route takes another method; /docs lists which"


def _pieces() -> Iterator[bytes]:
    for _ in range(MAX_BYTES // 2**20 + 1):
        yield b" " * 2**20


@pytest.mark.parametrize("body", [b" " * (MAX_BYTES + 1), _pieces()], ids=["announced", "in pieces"])
def test_nobody_fills_the_memory(shared_api: Running, body: bytes | Iterator[bytes]) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = shared_api.http.post(f"{shared_api.url}/api/alerts", data=body, headers=headers, timeout=60)
    assert (answer.status_code, answer.headers["Connection"]) == (413, "close")
    assert answer.json()["detail"] == f"the body is larger than {MAX_BYTES} bytes; nothing that this service takes is"


@pytest.mark.parametrize("announced", [10, MAX_BYTES + 1], ids=["small", "too large"])
def test_a_body_that_stops_coming_holds_nothing_for_long(announced: int) -> None:
    app = FastAPI()
    app.add_middleware(BodyLimit, idle_seconds=0.1)

    @app.post("/")
    def take(body: dict[str, int]) -> int:
        return len(body)

    server = ApiServer(Api(port=0))
    server.start(app)
    address = urlsplit(server.url)
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {announced}\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=60) as sender:
        sender.sendall(head.encode() + b'{"a"')
        answer = b"".join(iter(lambda: sender.recv(4096), b""))  # until the service hangs up
    server.stop()
    told = b"the body stopped coming for 0.1 s; send it again" if announced == 10 else b"the body is larger than"
    assert told in answer
