"""`aip alerts test`: whether a channel delivers, tried through the Alertmanager that runs."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated

import typer

from processor.alerting.trial import Channel, Delivery, Verdict, send_test
from processor.cli import options, screen
from processor.cli.state import actor, command_settings
from processor.errors import UsageError

_DONE = {Verdict.DELIVERED, Verdict.UNCERTAIN}


def try_channels(
    context: typer.Context,
    *,
    email: Annotated[bool, typer.Option("--email", help="By e-mail.")] = False,
    slack: Annotated[bool, typer.Option("--slack", help="To Slack.")] = False,
    webhook: Annotated[bool, typer.Option("--webhook", help="To the webhook.")] = False,
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", min=1, help="Longest wait.")] = 30,
    as_json: options.Json = False,
) -> None:
    """Send a test notification through Alertmanager.

    The message says that it is a test, and is followed by its all-clear. It takes the way of a real alert:
    Alertmanager's own configuration, templates and secrets. Exit code 1 when it was not delivered.

    Example: aip alerts test --email --slack
    """
    given = {Channel.EMAIL: email, Channel.SLACK: slack, Channel.WEBHOOK: webhook}
    channels = [channel for channel, is_given in given.items() if is_given]
    if not channels:
        raise UsageError("name what to test: --email, --slack, --webhook")
    url = command_settings(context).main.alerting.alertmanager_url
    deliveries = [send_test(url, channel, actor=actor(context), limit_seconds=timeout) for channel in channels]
    if as_json:
        screen.print_json({"deliveries": [asdict(delivery) for delivery in deliveries]})
    else:
        _print(deliveries)
    if any(delivery.verdict not in _DONE for delivery in deliveries):
        raise typer.Exit(1)


def _print(deliveries: Iterable[Delivery]) -> None:
    for delivery in deliveries:
        screen.say(f"{delivery.channel}: {delivery.verdict}: {delivery.detail}")
