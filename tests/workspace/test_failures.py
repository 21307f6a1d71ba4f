"""What git printed becomes the error that fits, without any credentials."""

import pytest

from processor.errors import (
    GitError,
    GitHubAuthError,
    GitHubForbidden,
    GitHubNotFound,
    NetworkError,
    ProcessorError,
    PublishConflict,
    ResourceError,
)
from processor.workspace.failures import failure, last_line, mask

URL = "https://github.com/octo/demo.git"


@pytest.mark.parametrize(
    ("stderr", "error"),
    [
        (f"fatal: Authentication failed for '{URL}/'", GitHubAuthError),
        ("fatal: could not read Username for 'https://github.com': terminal prompts disabled", GitHubAuthError),
        (
            f"remote: No write access.\nfatal: unable to access '{URL}/': The requested URL returned error: 403",
            GitHubForbidden,
        ),
        (
            f"remote: Permission to octo/demo.git denied to bot.\nfatal: unable to access '{URL}/': error: 403",
            GitHubForbidden,
        ),
        (f"fatal: unable to access '{URL}/': The requested URL returned error: 403", GitHubAuthError),
        (
            f"remote: This repository was archived so it is read-only.\nfatal: unable to access '{URL}/': error: 403",
            PublishConflict,
        ),
        (f"remote: Repository not found.\nfatal: repository '{URL}/' not found", GitHubNotFound),
        (f"fatal: unable to access '{URL}/': Could not resolve host: github.com", NetworkError),
        (f"fatal: unable to access '{URL}/': The requested URL returned error: 502", NetworkError),
        ("error: RPC failed; curl 56 Recv failure: Connection reset by peer\nfatal: early EOF", NetworkError),
        ("fatal: the remote end hung up unexpectedly", NetworkError),
        ("error: unable to write file: No space left on device\nfatal: unpack-objects failed", ResourceError),
        ("fatal: not a valid object name main", GitError),
    ],
)
def test_a_remote_command_s_words_choose_the_error(stderr: str, error: type[ProcessorError]) -> None:
    assert type(failure("fetch", "octo/demo", 128, stderr, is_remote=True)) is error


def test_a_local_command_is_never_the_network_s_fault() -> None:
    made = failure("apply", "octo/demo", 1, "error: timed out is a word in this file", is_remote=False)
    assert type(made) is GitError
    assert str(made) == (
        "git apply for octo/demo failed with exit code 1: error: timed out is a word in this file; "
        "look the message up in git's documentation"
    )


@pytest.mark.parametrize(
    ("stderr", "line"),
    [
        ("remote: Counting objects: 5\nfatal: bad thing\nhint: try this\n", "fatal: bad thing"),
        ("error: first\nwarning: second\n", "error: first"),
        ("something else\n\n", "something else"),
        ("hint: only a hint", "git printed nothing"),
        ("", "git printed nothing"),
        ("x" * 1000, "x" * 300),
    ],
)
def test_the_line_that_tells_most_is_picked(stderr: str, line: str) -> None:
    assert last_line(stderr) == line


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("fatal: 'https://bot:ghp_secret@github.com/x'", "fatal: 'https://***@github.com/x'"),
        ("> Authorization: Basic eDp5", "> Authorization: Basic ***"),
        ("the value s3cret-value here", "the value *** here"),
        ("nothing to hide, user@host", "nothing to hide, user@host"),
    ],
)
def test_credentials_are_masked(text: str, masked: str) -> None:
    assert mask(text, ["s3cret-value", "", "no"]) == masked
