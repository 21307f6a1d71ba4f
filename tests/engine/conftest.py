"""The installed program against a forge, as in the acceptance tests."""

from tests.acceptance.conftest import system

__all__ = ["system"]
