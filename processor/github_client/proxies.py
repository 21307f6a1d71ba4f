"""Choose the proxy for GitHub: the settings first, then the environment; never for this machine itself."""

import ipaddress
from collections.abc import Mapping

from processor.github_client.addresses import origin


def choose_proxy(base_url: str, configured: str | None, environ: Mapping[str, str]) -> str | None:
    """Give the proxy's address, or None to connect directly.

    The environment counts in both spellings, small letters first, as curl and git read it.
    """
    scheme, host, port = origin(base_url)
    if _is_loopback(host) or is_excepted(host, port, _variable(environ, "no_proxy")):
        return None
    found = configured or _variable(environ, f"{scheme}_proxy") or _variable(environ, "all_proxy")
    if not found:
        return None
    return found if "://" in found else f"http://{found}"


def is_excepted(host: str, port: int, no_proxy: str) -> bool:
    """Tell whether NO_PROXY names this host: `*`, a name, a domain with what is below it, an address or a network."""
    return any(_matches(host, port, entry.strip().lower()) for entry in no_proxy.split(",") if entry.strip())


def _matches(host: str, port: int, entry: str) -> bool:
    if entry == "*":
        return True
    if _is_in_network(host, entry):
        return True
    name, _, number = entry.partition(":")
    if number.isdigit() and int(number) != port:
        return False
    domain = name.removeprefix("*").lstrip(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _is_in_network(host: str, entry: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _variable(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name) or environ.get(name.upper()) or ""
