"""Stand at the other end of every channel: mail server, Slack, webhooks, incident history, dead man's switch."""

import contextlib
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from processor.alerting.drill.loopback import Reply, Request, serving
from processor.alerting.drill.mail_sink import taking_mail
from processor.alerting.drill.messages import HISTORY, SLACK, Message, mail_message, slack_message, webhook_message
from processor.alerting.drill.private_configuration import ReceiverAddresses


@dataclass
class Receivers:
    """Keeps every message; `refused` counts posts to the incident history without its token."""

    addresses: ReceiverAddresses
    messages: list[Message] = field(default_factory=list)
    refused: int = 0


@contextlib.contextmanager
def receiving(folder: Path, alerts: Sequence[str]) -> Iterator[Receivers]:
    """Listen until the end of the block; the token of the incident history is made anew, in a file of `folder`."""
    token, token_file = secrets.token_hex(16), folder / "alerts_token"
    token_file.write_text(token, encoding="ascii")
    received = Receivers(ReceiverAddresses("", "", token_file))

    def take_mail(content: bytes) -> None:
        received.messages.append(mail_message(content, time.time(), alerts))

    def take_post(request: Request) -> Reply:
        channel = request.path.removeprefix("/")
        if channel == HISTORY and request.headers.get("authorization") != f"Bearer {token}":
            received.refused += 1
            return Reply(401, "no token")
        now = time.time()
        if channel == SLACK:
            received.messages.append(slack_message(request.body, now, alerts))
        else:
            received.messages.append(webhook_message(channel, request.body, now, alerts))
        return Reply()

    with taking_mail(take_mail) as smtp, serving(take_post) as http:
        received.addresses = ReceiverAddresses(smtp, f"http://{http}", token_file)
        yield received
