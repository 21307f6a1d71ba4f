"""Write Alertmanager's configuration from the settings: addresses, language, time zone, office hours."""

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path, PurePosixPath
from string import Template

from processor.errors import ResourceError, UsageError
from processor.settings.sections import Alerting

CONFIGURATION_FILE = "alertmanager.yml"
ZONE_FILE = "templates/zone.tmpl"
_ANY_TEMPLATE = "templates/email.tmpl"
_ZONE = """\
{{{{/* Written by `aip alerts configure`: the time zone of the messages, from the setting timezone. */}}}}
{{{{ define "aip.time" }}}}{{{{ . | tz {zone} | date "2006-01-02 15:04 MST" }}}}{{{{ end }}}}
"""


def configuration_files(alerting: Alerting, timezone: str) -> Mapping[str, str]:
    """Give the text of each file that depends on the settings, by its path inside Alertmanager's folder."""
    return {
        CONFIGURATION_FILE: _configuration(alerting, timezone),
        ZONE_FILE: _ZONE.format(zone=json.dumps(timezone)),
    }


def outdated_files(directory: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    """Name the files whose text in the folder is another, or that are not there.

    Raises:
        UsageError: the folder is not Alertmanager's, it has no templates of messages.
        ResourceError: a file cannot be read.
    """
    if not (directory / _ANY_TEMPLATE).is_file():
        raise UsageError(
            f"{directory} is not Alertmanager's folder, it has no {_ANY_TEMPLATE}; "
            "copy alertmanager/ of the source tree, or name its place with --directory"
        )
    return tuple(name for name, text in files.items() if _text(directory / name) != text)


def write_configuration(directory: Path, files: Mapping[str, str]) -> None:
    """Write the files, each at once: Alertmanager never reads half of one.

    Raises:
        ResourceError: a file cannot be written.
    """
    for name, text in files.items():
        place = directory / name
        draft = place.with_name(f".{place.name}.new")
        try:
            draft.write_text(text, encoding="utf-8")
            draft.replace(place)
        except OSError as exc:
            raise ResourceError(
                f"{place} cannot be written: {exc.strerror}; check the folder's owner and mode"
            ) from exc


def needed_secrets(alerting: Alerting) -> Mapping[str, str]:
    """Tell which files of secrets Alertmanager reads under these settings, and what each holds."""
    conditions = _conditions(alerting)
    meanings = {
        "alerts_token": (True, "the token of alerting.token_file"),
        "smtp_password": (conditions["email"] and conditions["smtp_user"], "the password at the mail server"),
        "slack_url": (conditions["slack"], "the address of Slack's incoming webhook"),
        "webhook_url": (conditions["webhook"], "the address of your webhook"),
        "dead_mans_switch_url": (conditions["dead_mans_switch"], "the address of the dead man's switch"),
    }
    folder = PurePosixPath(alerting.secrets_directory)
    return {str(folder / name): meaning for name, (is_needed, meaning) in meanings.items() if is_needed}


def reminders(alerting: Alerting) -> Iterator[str]:
    """Point at addresses that are only examples, so that nobody would ever be told."""
    email = alerting.email
    examples = [name for name in (*email.to, email.smtp_server.partition(":")[0]) if name.endswith("example.com")]
    if email.enabled and examples:
        yield f"{examples[0]} is an example; set alerting.email, or alerting.email.enabled to false"


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as exc:
        raise ResourceError(f"{path} cannot be read: {exc}; mend or remove it") from exc


def _configuration(alerting: Alerting, timezone: str) -> str:
    template = (resources.files("processor.alerting") / "alertmanager.yml.template").read_text(encoding="utf-8")
    kept = "".join(_kept_lines(template, _conditions(alerting)))
    values = {name: _yaml(value) for name, value in _values(alerting, timezone).items()}
    return Template(kept).substitute(values, language=alerting.language)


def _conditions(alerting: Alerting) -> Mapping[str, bool]:
    return {
        "email": alerting.email.enabled,
        "smtp_user": bool(alerting.email.smtp_user),
        "ca_file": alerting.email.ca_file is not None,
        "slack": alerting.slack.enabled,
        "webhook": alerting.webhook.enabled,
        "dead_mans_switch": alerting.dead_mans_switch.enabled,
    }


def _kept_lines(template: str, conditions: Mapping[str, bool]) -> Iterator[str]:
    """Drop what stands between `#if NAME` and its `#end` where NAME does not hold."""
    holding: list[bool] = []
    for line in template.splitlines(keepends=True):
        if line.startswith("#if "):
            holding.append(conditions[line.removeprefix("#if ").strip()])
        elif line.startswith("#end"):
            holding.pop()
        elif all(holding):
            yield line


def _values(alerting: Alerting, timezone: str) -> Mapping[str, object]:
    secrets = PurePosixPath(alerting.secrets_directory)
    email, hours = alerting.email, alerting.office_hours
    return {
        "smtp_server": email.smtp_server,
        "sender": email.sender,
        "smtp_user": email.smtp_user,
        "smtp_password_file": str(secrets / "smtp_password"),
        "require_tls": email.require_tls,
        "ca_file": email.ca_file,
        "to": ", ".join(email.to),
        "slack_url_file": str(secrets / "slack_url"),
        "channel": alerting.slack.channel,
        "webhook_url_file": str(secrets / "webhook_url"),
        "dead_mans_switch_url_file": str(secrets / "dead_mans_switch_url"),
        "history_url": f"{alerting.processor_url.rstrip('/')}/api/alerts",
        "alerts_token_file": str(secrets / "alerts_token"),
        "days": list(hours.days),
        "start": hours.start,
        "end": hours.end,
        "timezone": timezone,
    }


def _yaml(value: object) -> str:
    # JSON is YAML; in quotes nothing is taken for a number, a comment or an anchor.
    return json.dumps(value, ensure_ascii=False)
