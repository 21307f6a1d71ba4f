"""Go through items: read and judge each; what cannot be read is unknown, with the reason, and stops no other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from processor.checklists.document import Finding, Language, ShownChecklist, ShownItem, Signed
from processor.checklists.items import ITEMS, Item
from processor.checklists.sources import Sources
from processor.checklists.verdict import Verdict, unreadable
from processor.checklists.words import Words
from processor.errors import ProcessorError
from processor.ledger import queries
from processor.ledger.checklists import Found
from processor.ledger.queries import ItemRecord, SignatureRecord
from processor.model import Checklist, ItemStatus, date_of
from processor.settings.sections import MainFile


def go_through(items: Iterable[Item[Any]], sources: Sources) -> dict[str, Verdict]:
    """Give the verdict of each item; one reading serves all items that are judged by it."""
    read: dict[Callable[[Sources], Any], Any] = {}
    return {item.name: _verdict(item, sources, read) for item in items}


def found_of(verdicts: dict[str, Verdict]) -> tuple[Found, ...]:
    """Give verdicts as the ledger keeps them."""
    sections = {item.name: item.section for item in ITEMS}
    return tuple(
        Found(
            item=name,
            section=sections[name],
            status=one.status,
            needs_person=one.needs_person,
            finding=Finding(
                evidence=one.evidence, reasons=one.reasons, reason=one.error, see=one.see
            ).model_dump_json(),
        )
        for name, one in verdicts.items()
    )


def show_now(
    checklist: Checklist, items: Iterable[Item[Any]], verdicts: dict[str, Verdict], sources: Sources, language: Language
) -> ShownChecklist:
    """Show what was just found, with the signatures of the current list."""
    date = date_of(checklist, sources.now, sources.zone).isoformat()
    with sources.db() as db:
        signatures = queries.signatures_of(db, checklist, date)
    manner = _Manner(sources.settings.main, language)
    shown = (manner.item(item, verdicts[item.name], signatures.get(item.name), sources.now) for item in items)
    return manner.list(checklist, date, shown)


def show_recorded(
    checklist: Checklist, date: str, records: Iterable[ItemRecord], main: MainFile, language: Language
) -> ShownChecklist:
    """Show what the ledger keeps of a list."""
    by_item = {one.item: one for one in records}
    manner, shown = _Manner(main, language), []
    for item in ITEMS:
        if (record := by_item.get(item.name)) is not None:
            kept = Finding.model_validate_json(record.finding)
            verdict = Verdict(
                status=record.status,
                evidence=kept.evidence,
                needs_person=record.needs_person,
                reasons=kept.reasons,
                error=kept.reason,
                see=kept.see,
            )
            shown.append(manner.item(item, verdict, record.signature, record.found_at))
    return manner.list(checklist, date, shown)


def language_of(main: MainFile) -> Language:
    """Tell the language of lists: that of reports."""
    return main.reports.language or main.alerting.language


def _verdict(item: Item[Any], sources: Sources, read: dict[Callable[[Sources], Any], Any]) -> Verdict:
    try:
        if item.read not in read:
            read[item.read] = item.read(sources)
        return item.judge(read[item.read], sources)
    except (ProcessorError, OSError) as exc:
        return unreadable(str(exc))


@dataclass(frozen=True)
class _Manner:
    """In what language lists are shown, and what they link to."""

    main: MainFile
    language: Language

    def item(self, item: Item[Any], verdict: Verdict, signature: SignatureRecord | None, found_at: float) -> ShownItem:
        words = Words(self.language)
        is_answered = verdict.needs_person and signature is not None
        suffix = "" if self.language == "en" else f"-{self.language}"
        return ShownItem(
            item=item.name,
            section=item.section,
            title=words("items", item.name, "title"),
            status=ItemStatus.OK if is_answered else verdict.status,
            needs_person=verdict.needs_person,
            look_at=words("items", item.name, "look"),
            evidence=verdict.evidence,
            reason=words.why(verdict),
            see=verdict.see,
            link=f"{self.main.checklists.grafana_url.rstrip('/')}/d/aip-{item.board}{suffix}",
            found_at=found_at,
            signed=signature and Signed(by=signature.signed_by, at=signature.signed_at, note=signature.note),
        )

    def list(self, checklist: Checklist, date: str, shown: Iterable[ShownItem]) -> ShownChecklist:
        return ShownChecklist(
            checklist=checklist, date=date, timezone=self.main.timezone, language=self.language, items=tuple(shown)
        )
