"""Open security alerts are counted by severity; what is switched off is said so, and is no refused token."""

from processor.github_client import AlertKind

NAME = "octo/hello"


def test_open_alerts_are_counted_by_severity(client, forge):
    for severity in ("critical", "medium", "medium"):
        forge.add_security_alert(NAME, kind="dependabot", severity=severity)
    forge.add_security_alert(NAME, kind="code-scanning", severity=None)
    forge.add_security_alert(NAME, kind="secret-scanning")
    counts = {kind: client.get_security_alerts(NAME, kind).counts for kind in AlertKind}
    assert counts == {"dependabot": {"critical": 1, "medium": 2}, "code_scanning": {"unrated": 1},
                      "secret_scanning": {"unrated": 1}}  # fmt: skip


def test_every_page_is_counted(client, forge):
    for _ in range(101):
        forge.add_security_alert(NAME, kind="dependabot", severity="low")
    assert client.get_security_alerts(NAME, AlertKind.DEPENDABOT).counts == {"low": 101}


def test_what_is_switched_off_is_unknown_and_requests_go_on(client, forge):
    forge.enable_security_alerts(NAME, "code-scanning")
    found = [client.get_security_alerts(NAME, kind) for kind in AlertKind]
    assert [(one.counts, one.reason) for one in found] == [(None, "not enabled"), ({}, ""), (None, "not enabled")]
    assert client.takes_requests


def test_what_the_token_may_not_read_is_unknown(connect, forge):
    forge.create_repository("octo/secret", files={"README.md": "x"}, is_private=True)
    fine = forge.create_token("octo", scopes=None, permissions={"issues": "read"})
    found = connect(lambda: fine).get_security_alerts("octo/secret", AlertKind.DEPENDABOT)
    assert (found.counts, found.reason) == (None, "not enabled, or the token may not read it")
