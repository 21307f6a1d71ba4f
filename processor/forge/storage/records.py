"""The things the forge remembers about repositories, people and issues, as frozen values.

Every record has a numeric `id` and a `parent`: the key under which the store lists it. Moments are texts in
GitHub's notation, so that they compare as they sort.
"""

from dataclasses import dataclass, field

Parent = tuple[int | str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """A person, an organization or the bot of an app (`kind` is User, Organization or Bot)."""

    id: int
    login: str
    kind: str = "User"
    created_at: str = ""

    @property
    def parent(self) -> Parent:
        """List users by login."""
        return (self.login.lower(),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """An access token, kept as its SHA-256.

    `scopes` is None for fine-grained and installation tokens, which have `permissions` instead (`{"issues":
    "write"}`; None means everything their user may). `repositories` None means all. `expires_at` None: never.
    """

    id: int
    digest: str
    login: str
    scopes: tuple[str, ...] | None = None
    permissions: dict[str, str] | None = None
    repositories: tuple[str, ...] | None = None
    expires_at: str | None = None
    installation_id: int | None = None
    is_revoked: bool = False

    @property
    def parent(self) -> Parent:
        """List tokens by digest."""
        return (self.digest,)


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """A GitHub App; `public_key` is the PEM text against which its JWTs are verified."""

    id: int
    slug: str
    owner: str
    public_key: str
    permissions: dict[str, str]
    created_at: str

    @property
    def parent(self) -> Parent:
        """List apps by slug."""
        return (self.slug,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Installation:
    """An app on an account; `repositories` None means all of the account's."""

    id: int
    app_id: int
    account: str
    repositories: tuple[str, ...] | None
    permissions: dict[str, str]
    created_at: str

    @property
    def parent(self) -> Parent:
        """List installations by app."""
        return (self.app_id,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Repository:
    """A repository; `collaborators` maps a login to read, triage, write, maintain or admin.

    `former_names` are in lower case; requests for them are redirected.
    """

    id: int
    owner: str
    name: str
    created_at: str
    pushed_at: str
    default_branch: str = "main"
    description: str = ""
    is_private: bool = False
    is_archived: bool = False
    has_issues: bool = True
    collaborators: dict[str, str] = field(default_factory=dict)
    protected_branches: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """Return OWNER/NAME."""
        return f"{self.owner}/{self.name}"

    @property
    def parent(self) -> Parent:
        """List repositories by full name."""
        return (self.full_name.lower(),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A label of a repository."""

    id: int
    repository_id: int
    name: str
    color: str = "ededed"
    description: str | None = None

    @property
    def parent(self) -> Parent:
        """List labels by repository."""
        return (self.repository_id,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """An issue, or the issue side of a pull request; `author_association` None means worked out from roles.

    `moved_to` is the repository's id and the number under which a transferred issue goes on.
    """

    id: int
    repository_id: int
    number: int
    title: str
    body: str | None
    author: str
    created_at: str
    updated_at: str
    author_association: str | None = None
    state: str = "open"
    state_reason: str | None = None
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    is_locked: bool = False
    lock_reason: str | None = None
    closed_at: str | None = None
    closed_by: str | None = None
    is_deleted: bool = False
    is_pull: bool = False
    moved_to: tuple[int, int] | None = None

    @property
    def parent(self) -> Parent:
        """List issues by repository."""
        return (self.repository_id,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pull:
    """The pull request side of an issue; `head_sha` is the last one seen and outlives the head branch."""

    id: int
    repository_id: int
    number: int
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    is_draft: bool = False
    merged_at: str | None = None
    merged_by: str | None = None
    merge_commit_sha: str | None = None
    requested_reviewers: tuple[str, ...] = ()

    @property
    def parent(self) -> Parent:
        """List pulls by repository."""
        return (self.repository_id,)
