"""The CLI `opencode`: read from its JSON lines, one figure a step."""

from processor.agents.profiles.events import (
    count,
    dig,
    dollars,
    of_type,
    read_events,
    reason,
    total,
    total_dollars,
    words,
)
from processor.agents.profiles.profile import Printed, Profile, Report
from processor.model import Usage


def parse_opencode(printed: Printed) -> Report:
    """Add up the `step_finish` events; its input leaves out what came from the cache, its output the reasoning."""
    events = list(read_events(printed.stdout))
    steps = [event.get("part") for event in of_type(events, "step_finish")]

    def added(*keys: str) -> int | None:
        return total(count(dig(step, "tokens", *keys)) for step in steps)

    reasoning = added("reasoning")
    texts = [words(dig(event, "part", "text")) for event in of_type(events, "text")]
    errors = [
        words(dig(event, "error", "data", "message")) or words(dig(event, "error", "name")) or "it reported an error"
        for event in of_type(events, "error")
    ]
    return Report(
        usage=Usage(
            input_tokens=added("input"),
            cache_read_tokens=added("cache", "read"),
            cache_write_tokens=added("cache", "write"),
            output_tokens=total((added("output"), reasoning)),
            reasoning_tokens=reasoning,
            cost_dollars=total_dollars(dollars(dig(step, "cost")) for step in steps),
        ),
        summary=texts[-1] if texts else "",
        error=reason(errors[-1]) if errors else None,
    )


OPENCODE = Profile(
    program=("opencode", "run"),
    options=("--format", "json"),
    model_options=("-m", "{model}"),
    parse=parse_opencode,
    environment={
        # Edits, and nothing else: no shell and no web for a stranger's text to reach.
        "OPENCODE_PERMISSION": '{"bash":"deny","webfetch":"deny","websearch":"deny","external_directory":"deny"}',
        "OPENCODE_DISABLE_AUTOUPDATE": "1",
        "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
    },
    sign_in_variables=("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY"),
    sign_in_files=(".local/share/opencode/auth.json",),
    home_folders=(
        ".local/share/opencode",
        ".local/state/opencode",
        ".config/opencode",
        ".cache/opencode",
    ),
)
