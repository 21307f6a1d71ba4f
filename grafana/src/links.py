"""Links: between the dashboards, and from a panel to the runbook of its alert."""

from grafana_foundation_sdk.builders.dashboard import DashboardLink
from grafana_foundation_sdk.models.dashboard import DashboardLinkType

from grafana.src.words import LANGUAGES, Words

TIME = "${__url_time_range}"
KEPT_VARIABLES = "${datasource:queryparam}&${service:queryparam}"
KEPT = f"{TIME}&{KEPT_VARIABLES}"
#: For `to_board`: the explorer with what failed, what the gate refused, and what failed in the closed day or week.
FAILURES = "explorer?var-outcome=error&var-outcome=timeout"
REJECTIONS = "explorer?var-outcome=rejected"
FAILURES_OF_THE_DAY = f"{FAILURES}&from=now-1d/d&to=now-1d/d"
FAILURES_OF_THE_WEEK = f"{FAILURES}&from=now-1w/w&to=now-1w/w"


def tag(words: Words) -> str:
    """Give the tag that the dashboards of one language have in common."""
    return f"aip-{words.language}"


def to_all(words: Words) -> DashboardLink:
    """Lead from each dashboard to each other one of its language, at the same time and service."""
    link = DashboardLink(words.shared("links", "all")).type(DashboardLinkType.DASHBOARDS).tags([tag(words)])
    return link.keep_time(True).include_vars(True)


def to_other_language(words: Words) -> DashboardLink:
    """Lead to the same dashboard in the other language: alerts know only the English ones."""
    (other,) = (language for language in LANGUAGES if language != words.language)
    link = DashboardLink(words.shared("links", "other_language")).type(DashboardLinkType.LINK)
    return link.url(f"/d/{Words(words.board, other).uid(words.board)}").keep_time(True).include_vars(True)


def to_board(words: Words, board: str) -> DashboardLink:
    """Lead from a panel to the dashboard that says more.

    `board` may set variables there, and the time, which is else kept: `name?var-a=1&from=now-1d/d&to=now-1d/d`.
    """
    name, _, chosen = board.partition("?")
    kept = KEPT_VARIABLES if "from=" in chosen else KEPT
    address = f"/d/{words.uid(name)}?{'&'.join(filter(None, (kept, chosen)))}"
    return DashboardLink(words.shared("boards", name)).type(DashboardLinkType.LINK).url(address)


def runbooks(words: Words) -> str:
    """Give where the runbooks are: Prometheus serves them, and a variable of each dashboard says where that is."""
    folder = "runbooks" if words.language == "en" else f"{words.language}/runbooks"
    return f"${{prometheus_url}}/user/{folder}"


def to_runbook(words: Words, alert: str) -> DashboardLink:
    """Lead to what to do about an alert."""
    link = DashboardLink(f"{words.shared('links', 'runbook')}: {alert}").type(DashboardLinkType.LINK)
    return link.url(f"{runbooks(words)}/{alert}.html").target_blank(True)
