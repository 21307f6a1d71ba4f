"""Every way a job can go wrong, as one tree whose `error_type` is the metric label, the log field and the ledger value.

```
ProcessorError
├── SettingsError            exit 2: a settings file or variable is wrong; carries every fault found
├── UsageError               exit 2: the command cannot do what was asked
├── LedgerError              the record cannot be opened, is damaged or of a newer program
│   ├── LedgerAbsent         there is none yet
│   └── DatabaseAway         locked, full or out of reach; the same may succeed later
├── BackupError              resource: a backup cannot be made, read, tried or put back
│   └── BackupUnsound        resource; it is damaged, or holds something else than it says
├── GitHubError              github_api
│   ├── GitHubAuthError      github_auth
│   │   └── GitHubForbidden   github_auth; final
│   ├── GitHubRateLimited    github_rate_limit; knows when to try again
│   ├── GitHubUnavailable    github_api; GitHub itself failed (5xx)
│   └── GitHubNotFound       github_api; 404 or 410
├── NetworkError             network; the answer of a write may be lost
│   └── DeliveryError        network; a report did not reach its channel
├── GitError                 git
├── WorkspaceError           workspace
├── ResourceError            resource: disk, memory, processes
├── AgentError               agent_exit
│   ├── RecipeMisfit         agent_exit; final
│   ├── AgentTimeout         agent_timeout
│   ├── AgentNoChange        agent_no_change
│   └── AgentBudgetExceeded  agent_budget
├── GateToolError            gate_tool
├── PublishConflict          publish_conflict
├── RunDeadlineExceeded      run_deadline
└── RunCancelled             other; ends as outcome `cancelled`, never counted as an error
```
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class ErrorType(StrEnum):
    """Closed list of error kinds; unknown failures are `other`."""

    GITHUB_AUTH = "github_auth"
    GITHUB_RATE_LIMIT = "github_rate_limit"
    GITHUB_API = "github_api"
    NETWORK = "network"
    GIT = "git"
    WORKSPACE = "workspace"
    RESOURCE = "resource"
    AGENT_EXIT = "agent_exit"
    AGENT_TIMEOUT = "agent_timeout"
    AGENT_NO_CHANGE = "agent_no_change"
    AGENT_BUDGET = "agent_budget"
    GATE_TOOL = "gate_tool"
    PUBLISH_CONFLICT = "publish_conflict"
    RUN_DEADLINE = "run_deadline"
    OTHER = "other"


class ProcessorError(Exception):
    """Root of the tree; the message says what happened, with value and unit, then the next step."""

    error_type: ClassVar[ErrorType] = ErrorType.OTHER
    #: Whether the same try would fail again until somebody changes something, so that a run ends at once.
    is_final: ClassVar[bool] = False


@dataclass(frozen=True)
class Fault:
    """One fault of the settings: where it is, what stands there, what to do.

    `file` is a path or `environment`; `line` is 1-based, None when the fault has no line (an absent file, a variable).
    `key` is the dotted key; `value` the offending text, never a secret.
    """

    file: str
    line: int | None
    key: str
    value: str
    problem: str
    remedy: str
    column: int | None = None  #: 1-based; None where the line says enough

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        value = f" = {self.value}" if self.value else ""
        return f"{where}: {self.key}{value}: {self.problem}; {self.remedy}"


class SettingsError(ProcessorError):
    """The settings are wrong; `faults` lists all of them, so that one start shows everything there is to mend."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UsageError(ProcessorError):
    """The command cannot do what was asked of it."""


class LedgerError(ProcessorError):
    """The ledger cannot be opened, is damaged, or was written by a newer program."""

    error_type = ErrorType.RESOURCE


class LedgerAbsent(LedgerError):
    """There is no ledger yet."""


class DatabaseAway(LedgerError):
    """The database is locked, full or out of reach, or went away: nothing was written, and later it may be."""


class BackupError(ProcessorError):
    """A backup cannot be made, read, tried or put back."""

    error_type = ErrorType.RESOURCE


class BackupUnsound(BackupError):
    """A backup is damaged, or holds something else than it says."""


class GitHubError(ProcessorError):
    """GitHub refused a request or answered with nonsense."""

    error_type = ErrorType.GITHUB_API


class GitHubAuthError(GitHubError):
    """The token is missing, wrong, expired, or may not do this."""

    error_type = ErrorType.GITHUB_AUTH


class GitHubForbidden(GitHubAuthError):
    """GitHub knows the token and forbids this; a person must give it the permission."""

    is_final = True


class GitHubRateLimited(GitHubError):
    """GitHub asked us to wait; `retry_at` (aware UTC) is the earliest time to ask again."""

    error_type = ErrorType.GITHUB_RATE_LIMIT

    def __init__(self, message: str, retry_at: datetime) -> None:
        self.retry_at = retry_at
        super().__init__(message)


class GitHubUnavailable(GitHubError):
    """GitHub itself failed; after a write, look first whether it took effect."""


class GitHubNotFound(GitHubError):
    """The thing does not exist, or the token cannot see it."""


class NetworkError(ProcessorError):
    """The connection failed or broke; after a write, look first whether it took effect."""

    error_type = ErrorType.NETWORK


class DeliveryError(NetworkError):
    """A report did not reach its channel; it is tried again."""


class GitError(ProcessorError):
    """A git command failed."""

    error_type = ErrorType.GIT


class WorkspaceError(ProcessorError):
    """A mirror or worktree cannot be made, found or removed."""

    error_type = ErrorType.WORKSPACE


class ResourceError(ProcessorError):
    """This machine has too little disk, memory or processes."""

    error_type = ErrorType.RESOURCE


class AgentError(ProcessorError):
    """The agent failed."""

    error_type = ErrorType.AGENT_EXIT


class RecipeMisfit(AgentError):
    """The issue or the settings name nothing that the recipe can work on."""

    is_final = True


class AgentTimeout(AgentError):
    """The agent ran past its limit and was killed."""

    error_type = ErrorType.AGENT_TIMEOUT


class AgentNoChange(AgentError):
    """The agent left the worktree as it was, whatever it said."""

    error_type = ErrorType.AGENT_NO_CHANGE


class AgentBudgetExceeded(AgentError):
    """The agent stopped at its spending limit."""

    error_type = ErrorType.AGENT_BUDGET


class GateToolError(ProcessorError):
    """The gate itself could not work; a change it could not judge is never published."""

    error_type = ErrorType.GATE_TOOL


class PublishConflict(ProcessorError):
    """The branch or pull request is not ours to write."""

    error_type = ErrorType.PUBLISH_CONFLICT


class RunDeadlineExceeded(ProcessorError):
    """The whole run took longer than `engine.run_deadline_seconds`."""

    error_type = ErrorType.RUN_DEADLINE


class RunCancelled(ProcessorError):
    """An operator cancelled the run."""
