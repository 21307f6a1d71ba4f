"""The CLI `aider`: read from its analytics log, because its exit code is 0 whatever happens."""

import re

from processor.agents.profiles.events import Event, count, dig, dollars, read_events, total, total_dollars, words
from processor.agents.profiles.profile import Printed, Profile, Report
from processor.model import Usage

_COMPLAINT = re.compile(r"^(?:litellm\.)?\w*(?:Error|Exception): .*$", re.MULTILINE)
_NOISE = re.compile(
    r"^(?:HTTPS?ConnectionPool\(|Aider v|Model: |Main model: |Weak model: |Editor model: |Git repo: |Repo-map: |"
    r"Tokens: |Detected dumb terminal|Added .* to the chat|Warning: |Note: |Cost estimates ).*$\n?",
    re.MULTILINE,
)


def parse_aider(printed: Printed) -> Report:
    """Add up the `message_send` events; a message that was started and never sent has failed."""
    events = list(read_events(printed.output_file))
    sent = [event.get("properties") for event in _named(events, "message_send")]
    usage = Usage(
        input_tokens=total(count(dig(message, "prompt_tokens")) for message in sent),
        output_tokens=total(count(dig(message, "completion_tokens")) for message in sent),
        cost_dollars=total_dollars(dollars(dig(message, "cost")) for message in sent),
    )
    complaints = _COMPLAINT.findall(printed.stdout)
    has_failed = len(_named(events, "message_send_starting")) > len(sent) if events else bool(complaints)
    return Report(
        usage=usage,
        summary=_NOISE.sub("", printed.stdout).strip(),
        error=(complaints[-1] if complaints else "its message was not answered") if has_failed else None,
    )


def _named(events: list[Event], name: str) -> list[Event]:
    return [event for event in events if words(event.get("event")) == name]


AIDER = Profile(
    program=("aider",),
    # It would fetch every address the issue names, commit by itself, edit .gitignore and offer shell commands.
    options=(
        *("--message-file", "{prompt_file}", "--yes-always", "--no-auto-commits", "--no-dirty-commits"),
        *("--no-check-update", "--no-show-release-notes", "--no-show-model-warnings", "--no-pretty", "--no-stream"),
        *("--no-detect-urls", "--no-suggest-shell-commands", "--no-gitignore"),
        *("--analytics-log", "{output_file}", "--no-analytics"),
        *("--chat-history-file", "/dev/null", "--input-history-file", "/dev/null"),
    ),
    model_options=("--model", "{model}"),
    prompt="file",
    parse=parse_aider,
    sign_in_variables=(
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "GEMINI_API_KEY",
        "DEEPSEEK_API_KEY",
        "OPENROUTER_API_KEY",
    ),
    home_folders=(".aider",),
    litter=(".aider*",),
)
