"""Derive the drill's configuration from the committed one: durations divided, time intervals open, addresses our own.

Nothing else changes, and nothing of it leads to anybody outside of the drill: what reaches targets and receivers
(addresses, logins, certificates, discovery) is taken out, and so are remote storage and other kinds of receivers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processor.alerting.drill.committed import Yaml
from processor.alerting.drill.durations import divided, divided_expression
from processor.errors import UsageError

#: A scrape takes its time however fast the drill's clock runs.
LEAST_SCRAPE_SECONDS = 0.5
_DURATIONS = {
    *("evaluation_interval", "rule_query_offset", "query_offset", "interval", "for", "keep_firing_for"),
    *("resolve_timeout", "group_wait", "group_interval", "repeat_interval"),
}
_SCRAPE_DURATIONS = {"scrape_interval", "scrape_timeout", "timeout"}
#: How a target or an Alertmanager is found and reached; the drill's own listen on plain HTTP.
_ACCESS = {
    *("scheme", "path_prefix", "metrics_path", "tls_config", "basic_auth", "authorization", "oauth2", "sigv4"),
    *("proxy_url", "proxy_from_environment", "proxy_connect_header", "no_proxy", "http_headers", "http_config"),
}
_STORAGE = {"remote_write", "remote_read", "storage", "tracing", "otlp", "scrape_config_files", "runtime"}
_SMTP_ACCESS = {"smtp_smarthost", "smtp_hello", "smtp_require_tls", "smtp_tls_config", "smtp_force_implicit_tls"}
_EMAIL_ACCESS = {name.removeprefix("smtp_") for name in _SMTP_ACCESS}
_SECRETS = {"slack_api_url", "slack_api_url_file", "slack_app_token", "slack_app_token_file", "slack_app_url"}
_RECEIVER_ACCESS = {"url", "url_file", "api_url", "api_url_file", "app_token", "app_token_file", "app_url"}
CHANNEL_KINDS = ("email_configs", "slack_configs", "webhook_configs")
_ALWAYS = [{"times": [{"start_time": "00:00", "end_time": "24:00"}]}]


@dataclass(frozen=True)
class Target:
    """One thing to scrape: `HOST:PORT`, the path there, and its labels."""

    address: str
    path: str
    labels: Mapping[str, str]

    @property
    def static_config(self) -> Yaml:
        """Write it as Prometheus reads it."""
        return {"targets": [self.address], "labels": {**self.labels, "__metrics_path__": self.path}}


@dataclass(frozen=True)
class ReceiverAddresses:
    """Where the drill's own receivers listen: `HOST:PORT` for mail, a URL for HTTP; and the file of the token."""

    smtp: str
    http: str
    token_file: Path


def private_prometheus(config: Yaml, k: float, targets: Mapping[str, Sequence[Target]], alertmanager: str) -> Yaml:
    """Derive Prometheus's configuration; jobs of which `targets` knows nothing scrape nothing.

    Args:
        alertmanager: `HOST:PORT` of the drill's.
    """
    kept: Yaml = {key: value for key, value in _faster(config, k).items() if key not in _STORAGE}
    alerting = kept.get("alerting", {})
    notified = {"static_configs": [{"targets": [alertmanager]}]}
    return kept | {
        "rule_files": ["rules/*.yml"],
        "alerting": alerting | {"alertmanagers": [_without_access(one) | notified for one in _first(alerting)]},
        "scrape_configs": [
            _without_access(job)
            | {"static_configs": [target.static_config for target in targets.get(job["job_name"], ())]}
            for job in kept["scrape_configs"]
        ],
    }


def private_rules(content: Yaml, k: float) -> Yaml:
    """Derive a file of rules."""
    groups = [
        {key: divided(str(value), k) if key in _DURATIONS else value for key, value in group.items()}
        | {"rules": [_faster_rule(rule, k) for rule in group.get("rules") or ()]}
        for group in content["groups"]
    ]
    return content | {"groups": groups}


def private_alertmanager(config: Yaml, k: float, templates: Path, addresses: ReceiverAddresses) -> Yaml:
    """Derive Alertmanager's configuration.

    Args:
        templates: the folder that relative paths of templates start from.
    """
    faster: Yaml = _faster(config, k)
    common = faster.get("global", {})
    kept = {name: value for name, value in common.items() if not _is_access(name)}
    intervals = {
        key: [interval | {"time_intervals": _ALWAYS} for interval in faster[key]]
        for key in ("time_intervals", "mute_time_intervals")
        if key in faster
    }
    return (
        faster
        | intervals
        | {
            "global": kept | {"smtp_smarthost": addresses.smtp, "smtp_require_tls": False},
            "templates": [str(templates / name) for name in faster.get("templates", ())],
            "route": _never_muted(faster["route"]),
            "receivers": [_own_receiver(receiver, addresses) for receiver in faster["receivers"]],
        }
    )


def channels(config: Yaml) -> frozenset[str]:
    """Name the receivers that tell somebody: `email` and `slack` by their kind, webhooks by the receiver's name."""
    found = set()
    for receiver in config["receivers"]:
        for kind in CHANNEL_KINDS:
            if receiver.get(kind):
                found.add(receiver["name"] if kind == "webhook_configs" else kind.removesuffix("_configs"))
    return frozenset(found)


def left_out(config: Yaml) -> tuple[str, ...]:
    """Name the kinds of receivers that a drill cannot stand in for, such as `pagerduty_configs`."""
    kinds = {key for receiver in config["receivers"] for key in receiver if key.endswith("_configs")}
    return tuple(sorted(kinds - set(CHANNEL_KINDS)))


def _faster(value: Any, k: float) -> Any:
    if isinstance(value, list):
        return [_faster(one, k) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _faster_field(key, one, k) for key, one in value.items()}


def _faster_field(key: str, value: Any, k: float) -> Any:
    if key in {"labels", "external_labels", "headers"}:
        return value
    if key not in _DURATIONS | _SCRAPE_DURATIONS or isinstance(value, dict | list):
        return _faster(value, k)
    least = LEAST_SCRAPE_SECONDS if key in _SCRAPE_DURATIONS else 0.001
    try:
        return divided(str(value), k, least_seconds=least)
    except UsageError as exc:
        raise UsageError(f"{key}: {exc}") from exc


def _faster_rule(rule: Yaml, k: float) -> Yaml:
    held = {key: divided(str(rule[key]), k) for key in ("for", "keep_firing_for") if key in rule}
    return rule | held | {"expr": divided_expression(str(rule["expr"]), k)}


def _first(alerting: Yaml) -> list[Yaml]:
    """Give one entry for Alertmanager, however many there are: the drill has one."""
    return (alerting.get("alertmanagers") or [{}])[:1]


def _without_access(entry: Yaml) -> Yaml:
    return {key: value for key, value in entry.items() if key not in _ACCESS and not key.endswith("_sd_configs")}


def _is_access(name: str) -> bool:
    return name in _SMTP_ACCESS | _SECRETS | {"http_config"} or name.startswith("smtp_auth_")


def _never_muted(route: Yaml) -> Yaml:
    kept = {key: value for key, value in route.items() if key != "mute_time_intervals"}
    return kept | ({"routes": [_never_muted(one) for one in route["routes"]]} if "routes" in route else {})


def _own_receiver(receiver: Yaml, addresses: ReceiverAddresses) -> Yaml:
    own: Yaml = {"name": receiver["name"]}
    for kind in CHANNEL_KINDS:
        if receiver.get(kind):
            own[kind] = [_own_channel(kind, receiver["name"], one, addresses) for one in receiver[kind]]
    return own


def _own_channel(kind: str, name: str, entry: Yaml, addresses: ReceiverAddresses) -> Yaml:
    if kind == "email_configs":
        return {key: value for key, value in entry.items() if key not in _EMAIL_ACCESS and not key.startswith("auth_")}
    kept = {key: value for key, value in entry.items() if key not in _RECEIVER_ACCESS and key != "http_config"}
    if kind == "slack_configs":
        return kept | {"api_url": f"{addresses.http}/slack"}
    shown = {"authorization": {"type": "Bearer", "credentials_file": str(addresses.token_file)}}
    has_token = "authorization" in entry.get("http_config", {})
    return kept | {"url": f"{addresses.http}/{name}"} | ({"http_config": shown} if has_token else {})
