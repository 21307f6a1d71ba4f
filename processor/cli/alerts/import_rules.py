"""`aip alerts import`: the rules of the old alert manager, as rules for Prometheus."""

from pathlib import Path
from typing import Annotated

import typer

from processor.alerting.legacy_rules.condition import names_in
from processor.alerting.legacy_rules.doubts import doubts
from processor.alerting.legacy_rules.names import NAMES, shipped_twin
from processor.alerting.legacy_rules.prometheus_rules import alerting_rule, rules_file
from processor.alerting.legacy_rules.rules_file import LegacyRule, alert_name, read_rules
from processor.cli import options, screen
from processor.errors import UsageError


def import_rules(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The old alert_rules.yaml.")],
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the rules here, not to stdout.")
    ] = None,
    hold: Annotated[
        int, typer.Option("--for", metavar="MINUTES", min=1, max=1440, help="How long a condition must hold.")
    ] = 5,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    as_json: options.Json = False,
) -> None:
    """Turn the old alert_rules.yaml into Prometheus rules.

    A condition may use names, numbers, comparisons, and, or, not and arithmetic; it is translated, never evaluated.
    The channels become the labels by which the shipped Alertmanager configuration routes.

    Example: aip alerts import alert_rules.yaml --output prometheus/rules/imported.yml
    """
    if output is not None and output.exists() and not force:
        raise UsageError(f"{output} exists; name another file, or replace it with --force")
    rules = read_rules(file, NAMES)
    text = rules_file(rules, hold)
    if output is not None:
        _write(output, text)
    if as_json:
        screen.print_json({"rules": [_as_json(rule, hold) for rule in rules], "file": output and str(output)})
    elif output is None:
        typer.echo(text, nl=False)
    _explain(rules, output)


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise UsageError(f"{output} cannot be written ({exc.strerror}); name a file in a folder of yours") from exc


def _as_json(rule: LegacyRule, hold: int) -> dict[str, object]:
    made = alerting_rule(rule, hold)
    return {
        "name": rule.name,
        "alert": made["alert"],
        "condition": rule.condition_text,
        "expr": made["expr"],
        "severity": rule.severity,
        "channels": rule.channels,
        "same_as": shipped_twin(rule.condition),
    }


def _explain(rules: tuple[LegacyRule, ...], output: Path | None) -> None:
    """Say on stderr what was understood, for stdout may be the file itself."""
    for rule in rules:
        screen.note(f"{rule.name}: {alert_name(rule.name)}, {rule.severity}, to {', '.join(rule.channels)}")
        for name in names_in(rule.condition):
            screen.note(f"  {name}: {NAMES[name].meaning}")
        for doubt in doubts(rule.condition):
            screen.note(f"  doubtful: {doubt}")
        twin = shipped_twin(rule.condition)
        if twin:
            screen.note(f"  {twin} is shipped and watches the same; keep one of the two, or two messages come")
    if output is not None:
        screen.note(f"{output} is written; look at it with `promtool check rules {output}` and reload Prometheus")
