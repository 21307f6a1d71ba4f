"""Whatever rule refuses an issue, the operator is told what lets it pass."""

import re

import pytest

from processor.model import IssueRef, SkipReason
from processor.operations.remedies import remedy


@pytest.mark.parametrize("reason", SkipReason)
def test_each_rule_has_a_remedy_whose_commands_name_the_issue(reason):
    said = remedy(reason, IssueRef("octo/hello", 7))
    commands = re.findall(r"`(aip (?:queue|undo)[^`]*)`", said)
    assert said
    assert all(command.endswith(" octo/hello#7") for command in commands)
