"""Calls about commits: read them, judge them by statuses and check runs, merge branches."""

import base64

from processor.forge.git import reading
from processor.forge.refusals import Refusal, not_found
from processor.forge.rest.call import Answer, Call
from processor.forge.rest.shapes import pulls as shapes
from processor.forge.rest.shapes import repositories as repository_shapes
from processor.forge.storage.records import Repository


def list_commits(call: Call) -> Answer:
    """Answer GET /repos/O/R/commits with its filters sha and path."""
    repository = call.readable("contents")
    sha = _resolved(call, repository, call.query.get("sha", repository.default_branch))
    bare = call.world.repositories.bare(repository)
    found = reading.log(bare, sha, path=call.query.get("path", ""))
    return call.page(found, lambda one: repository_shapes.commit(call.links, repository, one))


def get_commit(call: Call) -> Answer:
    """Answer GET /repos/O/R/commits/REF."""
    repository = call.readable("contents")
    sha = _resolved(call, repository)
    commit = reading.commit(call.world.repositories.bare(repository), sha)
    return Answer(200, repository_shapes.commit_with_files(call.world, call.links, repository, commit))


def get_git_commit(call: Call) -> Answer:
    """Answer GET /repos/O/R/git/commits/SHA."""
    repository = call.readable("contents")
    commit = reading.commit(call.world.repositories.bare(repository), _resolved(call, repository))
    shown = repository_shapes.commit(call.links, repository, commit)
    inner = shown["commit"]
    assert isinstance(inner, dict)  # noqa: S101  narrows the type
    return Answer(200, {**inner, "sha": commit.sha, "node_id": shown["node_id"], "parents": shown["parents"]})


def get_combined_status(call: Call) -> Answer:
    """Answer GET /repos/O/R/commits/REF/status."""
    repository = call.readable("statuses")
    sha = _resolved(call, repository)
    return Answer(200, shapes.combined_status(call.world, call.links, repository, sha))


def list_statuses(call: Call) -> Answer:
    """Answer GET /repos/O/R/commits/REF/statuses."""
    repository = call.readable("statuses")
    found = call.world.checks.statuses(repository, _resolved(call, repository))
    return call.page(found, lambda one: shapes.status(call.world, call.links, repository, one))


def create_status(call: Call) -> Answer:
    """Answer POST /repos/O/R/statuses/SHA."""
    repository = call.writable("statuses", "write")
    sha = call.world.repositories.bare(repository).resolve(call.params["ref"])
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {call.params['ref']}")
    status = call.world.checks.set_status(
        repository,
        sha,
        state=call.text("state"),
        context=call.text("context", "default"),
        description=call.optional_text("description"),
        target_url=call.optional_text("target_url"),
        creator=call.actor,
    )
    return Answer(201, shapes.status(call.world, call.links, repository, status))


def list_check_runs(call: Call) -> Answer:
    """Answer GET /repos/O/R/commits/REF/check-runs."""
    repository = call.readable("checks")
    found = call.world.checks.check_runs(repository, _resolved(call, repository))
    return call.page(found, lambda one: shapes.check_run(call.links, repository, one), under="check_runs")


def create_check_run(call: Call) -> Answer:
    """Answer POST /repos/O/R/check-runs."""
    repository = call.writable("checks", "write")
    conclusion = call.optional_text("conclusion")
    run = call.world.checks.add_check_run(
        repository,
        call.text("head_sha"),
        name=call.text("name"),
        status="completed" if conclusion else call.text("status", "queued"),
        conclusion=conclusion,
    )
    return Answer(201, shapes.check_run(call.links, repository, run))


def merge_branches(call: Call) -> Answer:
    """Answer POST /repos/O/R/merges: 201 with the merge, 204 for nothing to merge, 409 for a conflict."""
    repository = call.writable("contents", "write")
    sha = call.world.merging.merge_branches(
        repository,
        base=call.text("base"),
        head=call.text("head"),
        message=call.optional_text("commit_message"),
        actor=call.actor,
    )
    if sha is None:
        return Answer(204)
    commit = reading.commit(call.world.repositories.bare(repository), sha)
    return Answer(201, repository_shapes.commit(call.links, repository, commit))


def get_contents(call: Call) -> Answer:
    """Answer GET /repos/O/R/contents/PATH for a file."""
    repository = call.readable("contents")
    bare = call.world.repositories.bare(repository)
    sha = _resolved(call, repository, call.query.get("ref", repository.default_branch))
    path = call.params["path"].strip("/")
    blob = bare.attempt("rev-parse", "--verify", "--quiet", f"{sha}:{path}").stdout.decode().strip()
    done = bare.attempt("cat-file", "blob", blob) if blob else None
    if done is None or done.returncode:
        raise not_found()
    url = f"{call.links.repository(repository)}/contents/{path}?ref={sha}"
    content = base64.encodebytes(done.stdout).decode()
    facts = {"name": path.rpartition("/")[2], "path": path, "sha": blob, "size": len(done.stdout), "url": url}
    return Answer(200, {"type": "file", "encoding": "base64", **facts, "content": content})


def compare(call: Call) -> Answer:
    """Answer GET /repos/O/R/compare/BASE...HEAD."""
    repository = call.readable("contents")
    bare = call.world.repositories.bare(repository)
    old, _, new = call.params["range"].partition("...")
    base, head = _resolved(call, repository, old), _resolved(call, repository, new)
    start = reading.fork_point(bare, base, head) or base
    ahead, behind = reading.range_of(bare, base, head), reading.range_of(bare, head, base)
    state = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    files = reading.changed_files(bare, start, head)
    return Answer(
        200,
        {
            "url": f"{call.links.repository(repository)}/compare/{call.params['range']}",
            "status": state,
            "ahead_by": len(ahead),
            "behind_by": len(behind),
            "total_commits": len(ahead),
            "base_commit": repository_shapes.commit(call.links, repository, reading.commit(bare, base)),
            "merge_base_commit": repository_shapes.commit(call.links, repository, reading.commit(bare, start)),
            "commits": [repository_shapes.commit(call.links, repository, one) for one in ahead],
            "files": [repository_shapes.changed_file(call.links, repository, one, head) for one in files],
        },
    )


def _resolved(call: Call, repository: Repository, revision: str | None = None) -> str:
    wanted = call.params["ref"] if revision is None else revision
    sha = call.world.repositories.bare(repository).resolve(wanted)
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {wanted}")
    return sha
