"""Every setting, with its default, unit and reason; frozen, and an unknown key is a fault.

The three files of the handbook are three models here: `MainFile`, `GateFile`, `SecurityFile`.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Repository = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", description="OWNER/REPO")]
Seconds = Annotated[float, Field(gt=0)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class Section(BaseModel):
    """A part of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class GitHubApp(Section):
    """GitHub App authentication, instead of a token."""

    app_id: int = Field(gt=0)
    installation_id: int = Field(gt=0)
    private_key_file: Path


class GitHub(Section):
    """How GitHub is reached. The token comes from `token_file` or the variable GITHUB_TOKEN, never from YAML."""

    base_url: str = Field(
        "https://api.github.com",
        pattern=r"^https?://",
        description="REST base; for GitHub Enterprise https://HOST/api/v3",
    )
    git_url: str | None = Field(
        None, pattern=r"^https?://", description="base of clone addresses; derived from base_url when absent"
    )
    token_file: Path | None = Field(None, description="file that holds the token alone")
    app: GitHubApp | None = None
    timeout_seconds: Seconds = Field(15, description="limit of one request")
    read_attempts: int = Field(3, ge=1, le=10, description="tries of a GET or HEAD; a write is never repeated blindly")
    seconds_between_requests: float = Field(0.25, ge=0, description="GitHub asks clients to go slowly; 0 for the forge")
    seconds_between_writes: float = Field(1.0, ge=0, description="GitHub's own advice for writes; 0 for the forge")
    max_wait_seconds: float = Field(
        60, ge=0, description="longest wait inside one request; longer limits go back to the caller"
    )
    proxy: str | None = Field(
        None, description="http://HOST:PORT for REST and git; HTTPS_PROXY is honoured when absent"
    )
    ca_file: Path | None = Field(
        None, description="PEM file of the authority that signed the server's certificate, for REST and git"
    )


class RecipeStep(Section):
    """One deterministic tool. `from_issue` takes rule codes or existing paths named in the issue's text."""

    tool: Literal["ruff-fix", "ruff-format", "codespell"]
    rules: tuple[Annotated[str, Field(pattern=r"^[A-Z]+[0-9]*$")], ...] | Literal["from_issue"] = ()
    paths: tuple[str, ...] | Literal["from_issue"] = (".",)
    unsafe_fixes: bool = Field(False, description="let ruff apply fixes that may change behaviour")


class RecipeAgent(Section):
    """A list of deterministic tools: no model, no network, no cost."""

    kind: Literal["recipe"]
    steps: tuple[RecipeStep, ...] = Field(min_length=1)


class CommandAgent(Section):
    """A coding-agent CLI. `profile` brings argv, the way the prompt goes in and the usage parser."""

    kind: Literal["command"]
    profile: Literal["claude", "codex", "gemini", "opencode", "aider", "plain"] = "plain"
    argv: tuple[str, ...] | None = Field(
        None, description="placeholders {prompt_file}, {worktree}, {output_file}, {model}; required for profile plain"
    )
    prompt: Literal["stdin", "file"] | None = Field(
        None, description="how the prompt goes in; the profile's way when absent"
    )
    model: str | None = None
    timeout_seconds: Seconds | None = Field(None, description="limit of this agent; `timeout` when absent")
    environment: tuple[Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]*$")], ...] = Field(
        (), description="names of further variables the agent may see, such as ANTHROPIC_API_KEY"
    )

    @field_validator("environment")
    @classmethod
    def _no_github_token(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        forbidden = sorted({"GITHUB_TOKEN", "GH_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_ENTERPRISE_TOKEN"} & set(names))
        if forbidden:
            raise ValueError(f"an agent never gets {', '.join(forbidden)}")
        return names


Agent = Annotated[RecipeAgent | CommandAgent, Field(discriminator="kind")]


class RepositorySettings(Section):
    """One repository that is processed."""

    name: Repository
    agent: Name | None = Field(None, description="agent for its issues; `default_agent` when absent")
    agent_by_label: dict[str, Name] = Field(
        default_factory=dict, description="label → agent; the first label that matches wins"
    )
    base_branch: str | None = Field(
        None, description="branch to start from; the repository's default branch when absent"
    )


class Intake(Section):
    """Which issues are taken, and in what order."""

    label: str = "auto-processable"
    skip_labels: tuple[str, ...] = ("wontfix", "duplicate", "invalid", "manual-only")
    poll_interval_seconds: Seconds = 600
    first_start_limit: int = Field(
        10,
        ge=0,
        description="issues taken by the first poll of a repository; the rest wait for the next",
    )
    explain_skips: bool = Field(True, description="tell the issue's author in one comment why nothing happened")
    labels_by_priority: dict[Literal["critical", "high", "medium", "low"], tuple[str, ...]] = Field(
        default_factory=lambda: {
            "critical": ("critical", "urgent", "p0", "priority:critical"),
            "high": ("high", "important", "p1", "priority:high"),
            "medium": ("medium", "moderate", "p2", "priority:medium"),
            "low": ("low", "minor", "p3", "priority:low"),
        }
    )
    title_words_by_priority: dict[Literal["critical", "high", "medium", "low"], tuple[str, ...]] = Field(
        default_factory=lambda: {
            "critical": ("critical", "urgent", "emergency"),
            "high": ("important", "high priority"),
            "medium": ("bug", "fix", "error"),
        }
    )


class Retry(Section):
    """How often one kind of error is tried, and how long to wait before the next try."""

    attempts: int = Field(1, ge=1, le=20, description="tries in all")
    first_delay_seconds: float = Field(5, ge=0)
    factor: float = Field(2, ge=1)
    longest_delay_seconds: float = Field(600, ge=0)


def _default_retries() -> dict[str, Retry]:
    return {
        "github_api": Retry(attempts=3, first_delay_seconds=10),
        "github_rate_limit": Retry(attempts=5, first_delay_seconds=60, longest_delay_seconds=3600),
        "network": Retry(attempts=5, first_delay_seconds=5),
        "git": Retry(attempts=3, first_delay_seconds=5),
        "workspace": Retry(attempts=2, first_delay_seconds=5),
        "resource": Retry(attempts=3, first_delay_seconds=60),
        "agent_exit": Retry(attempts=2, first_delay_seconds=30),
        "gate_tool": Retry(attempts=2, first_delay_seconds=5),
    }


class Engine(Section):
    """How runs are executed."""

    run_deadline_seconds: Seconds = Field(7200, description="limit of one run, waits between attempts included")
    drain_seconds: float = Field(60, ge=0, description="how long SIGTERM waits for active runs")
    poll_seconds: Seconds = Field(0.5, description="how often the queue is looked at")
    instance: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_.-]{1,60}$",
        description="name of this service, stable across restarts; the host name when absent",
    )
    retries: dict[
        Literal[
            "github_auth",
            "github_rate_limit",
            "github_api",
            "network",
            "git",
            "workspace",
            "resource",
            "agent_exit",
            "agent_timeout",
            "agent_no_change",
            "agent_budget",
            "gate_tool",
            "publish_conflict",
            "other",
        ],
        Retry,
    ] = Field(default_factory=_default_retries, description="an error type that is not named is tried once")


class Publish(Section):
    """How a change becomes a pull request."""

    draft: bool = True
    branch_prefix: str = Field("auto-fix/issue-", pattern=r"^[A-Za-z0-9][A-Za-z0-9/_.-]*$")
    label: str = "auto-fix"
    failed_label: str = "auto-failed"
    commit_name: str = "Auto Issue Processor"
    commit_email: str = "auto-issue-processor@localhost"
    max_pull_requests_per_hour: int = Field(10, ge=1, description="per repository")
    max_open_pull_requests: int = Field(20, ge=1, description="per repository, ours only")
    follow_up_seconds: Seconds = Field(300, description="how often open pull requests are looked at")


class State(Section):
    """Where our own data lives."""

    directory: Path = Path("state")
    database_url: str | None = Field(
        None,
        pattern=r"^(sqlite:///|postgresql(\+psycopg)?://)",
        description="SQLite files under `directory` when absent; a password goes into database_password_file",
    )
    database_password_file: Path | None = None


class Logs(Section):
    """Where logs go."""

    directory: Path = Path("logs")
    max_bytes: int = Field(10_485_760, ge=1024, description="size at which auto_issue_processor.log is rotated")
    backup_count: int = Field(5, ge=1)


class Api(Section):
    """The processor's own HTTP server."""

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535, description="0 takes a free port")


class MainFile(Section):
    """`configs/auto_issue_processor.yaml`. The flat keys are also the keys of `environments.yaml`."""

    debug: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="of the log on stdout; event lines ignore it"
    )
    max_parallel: int = Field(3, ge=1, le=64, description="most runs at once on this host")
    timeout: Seconds = Field(1800, description="limit of the agent phase in seconds")
    use_cache: bool = Field(True, description="remember what checks said of a base commit")
    enable_monitoring: bool = Field(True, description="serve /metrics")
    dry_run: bool = Field(False, description="everything up to the gate; nothing is written on GitHub")
    github: GitHub = Field(default_factory=GitHub)
    repositories: tuple[RepositorySettings, ...] = Field((), description="what is processed")
    agents: dict[Name, Agent] = Field(default_factory=dict)
    default_agent: Name | None = None
    intake: Intake = Field(default_factory=Intake)
    engine: Engine = Field(default_factory=Engine)
    publish: Publish = Field(default_factory=Publish)
    state: State = Field(default_factory=State)
    logs: Logs = Field(default_factory=Logs)
    api: Api = Field(default_factory=Api)


class CommandCheck(Section):
    """A check of the operator's own: a program whose exit code 0 means good."""

    name: Name
    argv: tuple[str, ...] = Field(
        min_length=1, description="run in the worktree, never through a shell; {files} becomes the changed files"
    )
    languages: tuple[str, ...] = Field(
        (), description="it applies when a changed file has one of these suffixes, such as py; always when empty"
    )
    weight: float = Field(10, ge=0)
    required: bool = True
    timeout_seconds: Seconds = 300
    findings: Literal["exit_code", "lines", "pytest"] = Field(
        "exit_code",
        description="how complaints are told apart: one for the exit code, one a line of output, one a failed test",
    )


class BuiltInCheck(Section):
    """A check that comes with the product."""

    enabled: bool = True
    weight: float = Field(10, ge=0)
    required: bool = True


class DiffSizeCheck(BuiltInCheck):
    """Refuses a change too large for a person to review."""

    max_files: int = Field(20, ge=1)
    max_lines: int = Field(500, ge=1, description="added plus removed")


class BuiltInChecks(Section):
    """The checks that come with the product."""

    syntax: BuiltInCheck = Field(default_factory=lambda: BuiltInCheck(weight=30))
    diff_size: DiffSizeCheck = Field(default_factory=DiffSizeCheck)
    protected_paths: BuiltInCheck = Field(default_factory=BuiltInCheck)
    secrets: BuiltInCheck = Field(default_factory=lambda: BuiltInCheck(weight=15))
    stubs: BuiltInCheck = Field(default_factory=lambda: BuiltInCheck(weight=15))
    docs_only: BuiltInCheck = Field(default_factory=BuiltInCheck)
    security: BuiltInCheck = Field(default_factory=lambda: BuiltInCheck(weight=15))


class RepositoryGate(Section):
    """What differs for one repository."""

    checks: tuple[CommandCheck, ...] = Field((), description="added to the general ones")
    built_in: BuiltInChecks | None = None


class GateFile(Section):
    """`configs/quality_gate.yaml`."""

    minimum_score: float = Field(70, ge=0, le=100)
    security_threshold: float = Field(5, ge=0, le=10, description="highest risk of new security findings that passes")
    built_in: BuiltInChecks = Field(default_factory=BuiltInChecks)
    checks: tuple[CommandCheck, ...] = ()
    repositories: dict[Repository, RepositoryGate] = Field(default_factory=dict)


class SecurityFile(Section):
    """`configs/security_settings.yaml`."""

    allowed_associations: tuple[
        Literal["OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", "FIRST_TIMER", "NONE"], ...
    ] = ("OWNER", "MEMBER", "COLLABORATOR")
    allowed_authors: tuple[str, ...] = Field((), description="logins allowed whatever their association")
    denied_authors: tuple[str, ...] = Field((), description="logins never allowed; wins over the rest")
    protected_paths: tuple[str, ...] = Field(
        (".github/", ".gitlab-ci.yml", ".gitmodules", "CODEOWNERS", "docs/CODEOWNERS"),
        description="a change here is rejected; a trailing slash means everything below, * and ? as in a shell",
    )
    environment: tuple[str, ...] = Field(
        (
            "PATH",
            "HOME",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "TMPDIR",
            "TERM",
            "USER",
            "SSL_CERT_FILE",
            "NO_PROXY",
            "HTTP_PROXY",
            "HTTPS_PROXY",
        ),
        description="variables that agents and checks may see",
    )
    sandbox: Literal["auto", "bubblewrap", "off"] = Field(
        "auto",
        description="bubblewrap keeps agents and checks inside their worktree; auto uses it where it works",
    )
    gate_network: bool = Field(False, description="let checks reach the network when a sandbox is in use")
    max_output_bytes: int = Field(50_000_000, ge=1000, description="most an agent or check may print")
    max_patch_bytes: int = Field(2_000_000, ge=1000, description="largest change that is kept")


class Settings(Section):
    """Everything, after all layers; `environment_name` is development, staging or production."""

    environment_name: str = "production"
    main: MainFile = Field(default_factory=MainFile)
    gate: GateFile = Field(default_factory=GateFile)
    security: SecurityFile = Field(default_factory=SecurityFile)
