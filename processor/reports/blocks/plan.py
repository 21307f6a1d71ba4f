"""The blocks of the weekly report about hosts and next week. Pure."""

from processor.model import Priority
from processor.reports.document import WeeklyReport
from processor.reports.document_parts import NextWeek
from processor.reports.page import Block, Figure, Figures, Table, Tone
from processor.reports.words import Words


def hosts(report: WeeklyReport, words: Words) -> Table:
    """Give the use of each host; in brackets that of the four weeks before."""
    names = ("host", "cpu_mean", "cpu_max", "memory_mean", "memory_max", "disk_max", "load")
    rows = tuple(
        (
            one.host,
            _against(words, one.cpu_percent_mean, one.cpu_percent_mean_before),
            words.percent(one.cpu_percent_max),
            _against(words, one.memory_percent_mean, one.memory_percent_mean_before),
            words.percent(one.memory_percent_max),
            _against(words, one.disk_percent_max, one.disk_percent_max_before),
            words.count(one.load_mean),
        )
        for one in report.resources
    )
    return Table(tuple(words(name) for name in names), rows, words("no_data"))


def plan(report: WeeklyReport, words: Words) -> tuple[Block, ...]:
    """Give what next week begins with; nothing for a week that is long over."""
    found = report.next_week
    if found is None:
        return ()
    waiting = sum(found.waiting.values())
    possible = words("unknown") if found.runs_possible is None else words.count(found.runs_possible)
    figures = Figures(
        (
            Figure(words("waiting"), words.count(waiting), _by_priority(found, words)),
            Figure(words("capacity"), words("levels", found.capacity_level) if found.capacity_level in _LEVELS
                   else found.capacity_level, words.filled({"parallel": found.parallel}, "page", "at_once")),
            Figure(words("possible"), possible, "", Tone.LOOK if _is_too_much(found) else Tone.PLAIN),
            Figure(words("open_now"), words.count(found.open_pull_requests)),
        )
    )  # fmt: skip
    return figures, _held_back(found, words), _given_up(found, words), _overrides(found, words)


_LEVELS = ("low", "medium", "high", "none")


def _is_too_much(found: NextWeek) -> bool:
    return found.runs_possible is not None and sum(found.waiting.values()) > found.runs_possible


def _by_priority(found: NextWeek, words: Words) -> str:
    between = ", " if words.language == "en" else "、"
    counts = ((words("priorities", one), found.waiting[one]) for one in Priority)
    return between.join(f"{name} {count}" for name, count in counts if count)


def _held_back(found: NextWeek, words: Words) -> Table:
    rows = tuple((words("held_reasons", reason), words.count(count)) for reason, count in found.held_back.items())
    return Table((words("held_back"), words("issues")), rows, words("nothing"))


def _given_up(found: NextWeek, words: Words) -> Table:
    return Table((words("given_up"),), tuple((one,) for one in found.dead_letters[:20]), words("nothing"))


def _overrides(found: NextWeek, words: Words) -> Table:
    rows = tuple((one.key, str(one.value), one.by, one.reason, one.expires_at) for one in found.overrides)
    headings = ("override", "value", "by", "reason", "expires_at")
    return Table(tuple(map(words, headings)), rows, words("nothing"), texts=5)


def _against(words: Words, value: float | None, before: float | None) -> str:
    return words.percent(value) if before is None else f"{words.percent(value)} ({words.percent(before)})"
