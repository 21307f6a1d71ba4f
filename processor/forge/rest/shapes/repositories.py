"""Repositories, branches, refs and commits as GitHub's JSON."""

from processor.forge.git import reading
from processor.forge.git.reading import ChangedFile, Commit
from processor.forge.rest.call import Json
from processor.forge.rest.links import Links
from processor.forge.rest.shapes.people import user
from processor.forge.storage.records import Repository
from processor.forge.world.permissions import ROLES, Viewer, role_of
from processor.forge.world.world import World


def repository(world: World, links: Links, found: Repository, viewer: Viewer | None = None) -> Json:
    """Return a repository, with what the viewer may do in it."""
    url = links.repository(found)
    open_issues = sum(issue.state == "open" for issue in world.issues.list(found))
    return {
        "id": found.id,
        "node_id": f"R_{found.id}",
        "name": found.name,
        "full_name": found.full_name,
        "private": found.is_private,
        "visibility": "private" if found.is_private else "public",
        "owner": user(world, links, found.owner),
        "html_url": links.page(found),
        "description": found.description or None,
        "fork": False,
        "url": url,
        "clone_url": links.git(found),
        "git_url": links.git(found),
        "issues_url": f"{url}/issues{{/number}}",
        "labels_url": f"{url}/labels{{/name}}",
        "pulls_url": f"{url}/pulls{{/number}}",
        "branches_url": f"{url}/branches{{/branch}}",
        "commits_url": f"{url}/commits{{/sha}}",
        "default_branch": found.default_branch,
        "created_at": found.created_at,
        "updated_at": found.pushed_at,
        "pushed_at": found.pushed_at,
        "size": 0,
        "language": None,
        "archived": found.is_archived,
        "disabled": False,
        "has_issues": found.has_issues,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "forks_count": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "open_issues_count": open_issues,
        "open_issues": open_issues,
        "allow_merge_commit": True,
        "allow_squash_merge": True,
        "allow_rebase_merge": True,
        "permissions": _permissions(world, found, viewer or Viewer()),
    }


def branch(links: Links, found: Repository, name: str, sha: str) -> Json:
    """Return a branch as lists show it."""
    commit_url = f"{links.repository(found)}/commits/{sha}"
    return {"name": name, "commit": {"sha": sha, "url": commit_url}, "protected": name in found.protected_branches}


def ref(links: Links, found: Repository, name: str, sha: str) -> Json:
    """Return a ref; `name` is full, refs/heads/main."""
    url = links.repository(found)
    target = {"type": "commit", "sha": sha, "url": f"{url}/git/commits/{sha}"}
    return {"ref": name, "node_id": f"REF_{name}", "url": f"{url}/git/{name}", "object": target}


def commit(links: Links, found: Repository, of: Commit) -> Json:
    """Return a commit as lists show it."""
    url = f"{links.repository(found)}/commits/{of.sha}"
    git_url = f"{links.repository(found)}/git"
    parents = [
        {
            "sha": parent,
            "url": f"{links.repository(found)}/commits/{parent}",
            "html_url": f"{links.page(found)}/commit/{parent}",
        }
        for parent in of.parents
    ]
    return {
        "sha": of.sha,
        "node_id": f"C_{of.sha}",
        "commit": {
            "author": {"name": of.author_name, "email": of.author_email, "date": of.author_date},
            "committer": {"name": of.committer_name, "email": of.committer_email, "date": of.committer_date},
            "message": of.message,
            "tree": {"sha": of.tree, "url": f"{git_url}/trees/{of.tree}"},
            "url": f"{git_url}/commits/{of.sha}",
            "comment_count": 0,
            "verification": {"verified": False, "reason": "unsigned", "signature": None, "payload": None},
        },
        "url": url,
        "html_url": f"{links.page(found)}/commit/{of.sha}",
        "comments_url": f"{url}/comments",
        "author": None,
        "committer": None,
        "parents": parents,
    }


def commit_with_files(world: World, links: Links, found: Repository, of: Commit) -> Json:
    """Return a commit with its statistics and files."""
    parent = of.parents[0] if of.parents else reading.empty_tree()
    changed = reading.changed_files(world.repositories.bare(found), parent, of.sha)
    added, deleted = sum(file.additions for file in changed), sum(file.deletions for file in changed)
    files = [changed_file(links, found, file, of.sha) for file in changed]
    stats = {"total": added + deleted, "additions": added, "deletions": deleted}
    return {**commit(links, found, of), "stats": stats, "files": files}


def changed_file(links: Links, found: Repository, of: ChangedFile, sha: str) -> Json:
    """Return one file of a commit or pull request at commit `sha`."""
    data: Json = {
        "sha": of.sha,
        "filename": of.path,
        "status": of.status,
        "additions": of.additions,
        "deletions": of.deletions,
        "changes": of.additions + of.deletions,
        "blob_url": f"{links.page(found)}/blob/{sha}/{of.path}",
        "raw_url": f"{links.page(found)}/raw/{sha}/{of.path}",
        "contents_url": f"{links.repository(found)}/contents/{of.path}?ref={sha}",
    }
    if of.patch is not None:
        data["patch"] = of.patch
    if of.previous_path is not None:
        data["previous_filename"] = of.previous_path
    return data


def _permissions(world: World, found: Repository, viewer: Viewer) -> dict[str, bool]:
    rank = ROLES.index(role_of(world.store, found, viewer))
    names = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
    return {name: rank >= ROLES.index(role) for name, role in names.items()}
