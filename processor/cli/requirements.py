"""What must be on this machine before any work starts."""

from collections.abc import Mapping

from processor.errors import ResourceError
from processor.operations.self_check.host import check_git
from processor.operations.self_check.item import ItemState


def require_git(environ: Mapping[str, str]) -> None:
    """Refuse to start where every issue would fail.

    Raises:
        ResourceError: there is no git, or it is too old.
    """
    found = check_git(environ)
    if found.state is ItemState.FAILED:
        raise ResourceError(f"{found.detail}; {found.remedy}")
