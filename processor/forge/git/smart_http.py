"""Serve fetch and push over HTTP through git's own http-backend, run as a CGI program."""

import subprocess
import tempfile
from collections.abc import Generator
from typing import IO

from processor.forge.git.bare import BareRepository, environment
from processor.forge.http.exchange import ConnectionDropped, Reply, Request

PIECE_BYTES = 65536
PASSED_HEADERS = {"git-protocol": "GIT_PROTOCOL", "content-encoding": "HTTP_CONTENT_ENCODING"}


def run_backend(
    repository: BareRepository, request: Request, service_path: str, *, login: str, protected: tuple[str, ...]
) -> Reply:
    """Let git answer the request for `service_path` (info/refs, git-upload-pack, …) and stream its answer.

    The request body is kept in a temporary file first: git wants its length, and a client that dies while it
    sends leaves no half-fed git behind.
    """
    with tempfile.TemporaryFile() as stdin:
        length = sum(stdin.write(piece) for piece in request.body.pieces(PIECE_BYTES))
        stdin.seek(0)
        variables = _variables(repository, request, service_path, length)
        if login:
            variables["REMOTE_USER"] = login
        variables["FORGE_PROTECTED_BRANCHES"] = " ".join(protected)
        process = subprocess.Popen(
            ["git", "http-backend"], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=variables
        )
    assert process.stdout is not None  # noqa: S101  a pipe was asked for
    status, headers = _head(process.stdout)
    if status == 0:
        process.kill()
        process.stdout.close()
        process.wait()
        raise ConnectionDropped
    return Reply(status, _rest(process), headers)


def _variables(repository: BareRepository, request: Request, service_path: str, length: int) -> dict[str, str]:
    variables = environment() | {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.query_string,
        "PATH_TRANSLATED": f"{repository.path}/{service_path}",
        "GIT_HTTP_EXPORT_ALL": "1",
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(length),
        "REMOTE_ADDR": "127.0.0.1",
    }
    sent = request.headers
    return variables | {name: sent[header] for header, name in PASSED_HEADERS.items() if header in sent}


def _head(stream: IO[bytes]) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Return the status and headers of a CGI answer; status 0 when there is none."""
    status, headers = 200, []
    while line := stream.readline().decode("latin-1").strip():
        name, _, value = line.partition(": ")
        if name.lower() == "status":
            status = int(value.split(" ")[0])
        else:
            headers.append((name, value))
    return (status if headers else 0), tuple(headers)


def _rest(process: subprocess.Popen[bytes]) -> Generator[bytes, None, None]:
    assert process.stdout is not None  # noqa: S101  a pipe was asked for
    try:
        while piece := process.stdout.read1(PIECE_BYTES):  # type: ignore[attr-defined]
            yield piece
    finally:
        process.stdout.close()
        process.wait()
