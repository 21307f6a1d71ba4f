"""Say in one line why no whole answer came, without an address that could hold a secret."""

import requests

from processor.errors import NetworkError
from processor.github_client.values import Failure, StatusClass

_LOST_WRITE = "it may have taken effect: look before repeating it"
_LOST_READ = "check the network and github.base_url"


def network_failure(error: Exception, call: str, timeout_seconds: float, *, is_write: bool) -> Failure:
    """Map what requests raised. A broken connection may pass; a wrong certificate, proxy or address does not."""
    lost = _LOST_WRITE if is_write else _LOST_READ
    is_passing = False
    match error:
        case requests.exceptions.SSLError():
            reason = f"the certificate of GitHub's server was not accepted at {call} ({innermost(error)})"
            remedy = "set github.ca_file to its authority"
        case requests.exceptions.ProxyError():
            reason = f"the proxy did not let {call} through ({innermost(error)})"
            remedy = "check github.proxy, HTTPS_PROXY and NO_PROXY"
        case requests.exceptions.ConnectTimeout():
            reason = f"no connection to GitHub within {timeout_seconds:g} s for {call}"
            remedy, is_passing = _LOST_READ, True
        case requests.exceptions.Timeout():
            reason = f"GitHub did not answer {call} within {timeout_seconds:g} s"
            remedy, is_passing = lost, True
        case requests.exceptions.ConnectionError():
            reason = f"the connection to GitHub failed at {call} ({innermost(error)})"
            remedy, is_passing = lost, True
        case requests.exceptions.InvalidSchema():
            reason = f"{call} cannot be sent through this proxy"
            remedy = "a socks proxy needs the package PySocks"
        case _:
            # The text of the rest may quote the address of the proxy, and with it a password.
            reason = f"{call} cannot be sent ({type(error).__name__})"
            remedy = "check github.base_url, github.proxy and github.ca_file"
    return Failure(NetworkError(f"{reason}; {remedy}"), StatusClass.NONE, is_passing=is_passing)


def innermost(error: BaseException) -> str:
    """Give the first cause of an error; the outer ones of urllib3 repeat the whole address."""
    seen = error
    while (deeper := seen.__cause__ or seen.__context__) is not None:
        seen = deeper
    return " ".join(str(seen).split())[:200] or type(seen).__name__
