"""The real Prometheus."""

from tests.monitoring.conftest import tools

__all__ = ["tools"]
