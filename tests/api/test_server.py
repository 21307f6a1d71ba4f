"""Where the service cannot listen is told before any work."""

import re

import pytest

from processor.api.server import ApiServer
from processor.errors import UsageError
from processor.settings.sections import Api


@pytest.mark.parametrize(
    ("host", "reason"),
    [("203.0.113.9", "Cannot assign requested address"), ("not a host", "Name or service not known")],
)
def test_an_address_of_another_machine_is_refused(host: str, reason: str) -> None:
    told = f"cannot listen on {host}:9000: {reason}; set api.host to an address of this machine"
    with pytest.raises(UsageError, match=re.escape(told)):
        ApiServer(Api(host=host, port=9000))
