"""Say in one line why no whole answer came, without an address that could hold a secret."""

import requests

from processor.errors import NetworkError
from processor.github_client.values import Failure, StatusClass

_LOST_WRITE = "it may have taken effect: look before repeating it"


def network_failure(error: Exception, call: str, timeout_seconds: float, *, is_write: bool) -> Failure:
    """Map what requests raised. A certificate or proxy at fault does not pass by itself; the rest may."""
    cause = innermost(error)
    is_passing = False
    if isinstance(error, requests.exceptions.SSLError):
        text = (
            f"the certificate of GitHub's server was not accepted at {call} ({cause}); "
            "set github.ca_file to its authority"
        )
    elif isinstance(error, requests.exceptions.ProxyError):
        text = f"the proxy did not let {call} through ({cause}); check github.proxy, HTTPS_PROXY and NO_PROXY"
    elif isinstance(error, requests.exceptions.InvalidSchema):
        text = f"{call} cannot be sent ({cause}); a socks proxy needs the package PySocks"
    elif isinstance(error, requests.exceptions.ConnectTimeout):
        is_passing = True
        text = f"no connection to GitHub within {timeout_seconds:g} s for {call}; check the network and github.base_url"
    elif isinstance(error, requests.Timeout):
        is_passing = True
        text = f"GitHub did not answer {call} within {timeout_seconds:g} s; {_next_step(is_write)}"
    elif isinstance(error, requests.RequestException):
        is_passing = True
        text = f"the connection to GitHub failed at {call} ({cause}); {_next_step(is_write)}"
    else:
        text = f"{call} cannot be sent ({cause}); check github.ca_file"
    return Failure(NetworkError(text), StatusClass.NONE, is_passing=is_passing)


def innermost(error: BaseException) -> str:
    """Give the first cause of an error; the outer ones of urllib3 repeat the whole address."""
    seen = error
    while (deeper := seen.__cause__ or seen.__context__) is not None:
        seen = deeper
    return " ".join(str(seen).split())[:200] or type(seen).__name__


def _next_step(is_write: bool) -> str:
    return _LOST_WRITE if is_write else "check the network and github.base_url"
