"""The CLI `codex`: confined to its workspace by itself, read from its JSON lines."""

from processor.agents.profiles.events import count, dig, less, of_type, read_events, reason, words
from processor.agents.profiles.profile import Printed, Profile, Report
from processor.model import Usage


def parse_codex(printed: Printed) -> Report:
    """Read the last `turn.completed` and what failed after it.

    Its figures are cumulative over a thread, so the last one counts, and its input includes what came from the cache.
    An item of type `error` is a mere warning; an event `error` that a completed turn follows was overcome.
    """
    events = list(read_events(printed.stdout))
    error: str | None = None
    usage: object = None
    for event in events:
        match event.get("type"):
            case "turn.completed":
                usage, error = event.get("usage"), None
            case "error":
                error = words(event.get("message")) or "it reported an error"
            case "turn.failed":
                error = words(dig(event, "error", "message")) or error or "its turn failed"
    messages = [
        words(dig(event, "item", "text"))
        for event in of_type(events, "item.completed")
        if dig(event, "item", "type") == "agent_message"
    ]
    return Report(
        usage=_usage(usage),
        summary=printed.output_file.strip() or (messages[-1] if messages else ""),
        error=None if error is None else reason(error),
        is_over_budget=error is not None and "usage limit" in error.lower(),
    )


def _usage(usage: object) -> Usage:
    cached = count(dig(usage, "cached_input_tokens"))
    return Usage(
        input_tokens=less(count(dig(usage, "input_tokens")), cached),
        cache_read_tokens=cached,
        cache_write_tokens=count(dig(usage, "cache_write_input_tokens")),
        output_tokens=count(dig(usage, "output_tokens")),
        reasoning_tokens=count(dig(usage, "reasoning_output_tokens")),
    )


CODEX = Profile(
    program=("codex", "exec"),
    options=(
        "--json",
        "--skip-git-repo-check",
        "-s",
        "workspace-write",
        "-C",
        "{worktree}",
        "-o",
        "{output_file}",
        "-",
    ),
    model_options=("-m", "{model}"),
    parse=parse_codex,
    sign_in_variables=("OPENAI_API_KEY", "CODEX_API_KEY"),
    sign_in_files=(".codex/auth.json",),
    home_folders=(".codex",),
)
