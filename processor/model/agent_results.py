"""What running an agent gave and what it spent."""

from dataclasses import dataclass

from processor.errors import ProcessorError


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What an agent spent. None means the agent did not say; it is never taken for 0.

    Tokens are counts. `cost_dollars` is US dollars as the agent itself reports them.
    """

    input_tokens: int | None = None  #: not from a cache
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    output_tokens: int | None = None  #: everything generated, reasoning included
    reasoning_tokens: int | None = None  #: how many of the output tokens were reasoning
    cost_dollars: float | None = None


@dataclass(frozen=True, kw_only=True)
class AgentResult:
    """What running an agent gave, beside the worktree it changed."""

    agent: str
    exit_code: int
    usage: Usage
    summary: str  #: the agent's own last words, size-limited; shown, never believed
    output_path: str  #: file that holds everything it printed
    failure: ProcessorError | None = None  #: why it failed; a value, so that what it spent is recorded all the same
