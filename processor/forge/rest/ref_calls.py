"""Calls about branches and refs."""

from processor.forge.git import reading, writing
from processor.forge.git.bare import BareRepository
from processor.forge.refusals import Refusal, not_found
from processor.forge.rest.call import Answer, Call
from processor.forge.rest.shapes import repositories as shapes
from processor.forge.storage.records import Repository


def list_branches(call: Call) -> Answer:
    """Answer GET /repos/O/R/branches."""
    repository = call.readable("contents")
    found = list(call.world.repositories.branches(repository.full_name).items())
    return call.page(found, lambda pair: shapes.branch(call.links, repository, *pair))


def get_branch(call: Call) -> Answer:
    """Answer GET /repos/O/R/branches/NAME."""
    repository = call.readable("contents")
    bare = call.world.repositories.bare(repository)
    name = call.params["name"]
    sha = bare.branch(name)
    if sha is None:
        raise Refusal(404, "Branch not found")
    commit = shapes.commit(call.links, repository, reading.commit(bare, sha))
    return Answer(200, {**shapes.branch(call.links, repository, name, sha), "commit": commit})


def get_ref(call: Call) -> Answer:
    """Answer GET /repos/O/R/git/ref/NAME."""
    repository = call.readable("contents")
    name = _full_name(call)
    sha = call.world.repositories.bare(repository).sha_of(name)
    if sha is None:
        raise not_found()
    return Answer(200, shapes.ref(call.links, repository, name, sha))


def list_refs(call: Call) -> Answer:
    """Answer GET /repos/O/R/git/refs and GET /repos/O/R/git/matching-refs/PREFIX."""
    repository = call.readable("contents")
    prefix = f"refs/{call.params.get('name', '')}"
    found = list(call.world.repositories.bare(repository).refs(prefix).items())
    return call.page(found, lambda pair: shapes.ref(call.links, repository, *pair))


def create_ref(call: Call) -> Answer:
    """Answer POST /repos/O/R/git/refs."""
    repository = call.writable("contents", "write")
    bare = call.world.repositories.bare(repository)
    name, sha = call.text("ref"), call.text("sha")
    if not name.startswith("refs/") or name.count("/") < 2 or bare.attempt("check-ref-format", name).returncode:
        raise Refusal(422, f"{name} is not a valid ref name.")
    if bare.sha_of(name) is not None:
        raise Refusal(422, "Reference already exists")
    _move(call, repository, bare, name, sha)
    return Answer(201, shapes.ref(call.links, repository, name, sha))


def update_ref(call: Call) -> Answer:
    """Answer PATCH /repos/O/R/git/refs/NAME."""
    repository = call.writable("contents", "write")
    bare = call.world.repositories.bare(repository)
    name, sha = _full_name(call), call.text("sha")
    old = bare.sha_of(name)
    if old is None:
        raise Refusal(422, "Reference does not exist")
    _refuse_protected(repository, name)
    if not call.flag("force") and bare.resolve(sha) and not bare.is_ancestor(old, sha):
        raise Refusal(422, "Update is not a fast forward")
    _move(call, repository, bare, name, sha)
    return Answer(200, shapes.ref(call.links, repository, name, sha))


def delete_ref(call: Call) -> Answer:
    """Answer DELETE /repos/O/R/git/refs/NAME."""
    repository = call.writable("contents", "write")
    bare = call.world.repositories.bare(repository)
    name = _full_name(call)
    if bare.sha_of(name) is None:
        raise Refusal(422, "Reference does not exist")
    _refuse_protected(repository, name)
    writing.delete_ref(bare, name)
    call.world.pulls.follow(repository, actor=call.actor)
    return Answer(204)


def _move(call: Call, repository: Repository, bare: BareRepository, name: str, sha: str) -> None:
    if bare.resolve(sha) is None:
        raise Refusal(422, "Object does not exist")
    writing.move_ref(bare, name, sha)
    call.world.pulls.follow(repository, actor=call.actor)


def _full_name(call: Call) -> str:
    return f"refs/{call.params['name']}"


def _refuse_protected(repository: Repository, name: str) -> None:
    if name.removeprefix("refs/heads/") in repository.protected_branches:
        raise Refusal(422, "Cannot update this protected ref.")
