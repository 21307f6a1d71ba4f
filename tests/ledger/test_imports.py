"""What is taken over is kept once, linked, and counted once, on either database."""

from contextlib import closing
from dataclasses import replace

from processor.ledger import imports, queries
from processor.ledger.connection import Ledger, open_ledger
from processor.ledger.imports import Claim, ImportedRecord, ImportedRun, Verdict
from processor.settings.sections import State

RUN = ImportedRun(
    identity="a",
    source="log",
    place="a.log:1",
    repository="octo/hello",
    issue=7,
    claimed=Claim.SUCCESS,
    priority="high",
    started_at=1_000.0,
    finished_at=1_045.2,
    seconds=45.2,
)
OPEN = replace(RUN, identity="b", issue=8, claimed=Claim.UNKNOWN, finished_at=None, seconds=None)
RECORD = ImportedRecord(
    identity="r", kind="alert", place="b.log:1", at=5.0, issue=None, pull_request=None, content="{}"
)


def keep(ledger: Ledger, *runs: ImportedRun) -> imports.Compared:
    with ledger.write() as db:
        compared = imports.compare(db, runs, [RECORD])
        imports.keep(db, compared, 2_000.0)
    return compared


def test_the_same_is_kept_once_and_an_end_completes_it(state: State, password: str | None) -> None:
    with closing(open_ledger(state, password)) as ledger:
        assert len(keep(ledger, RUN, OPEN).new_runs) == 2
        ended = replace(OPEN, claimed=Claim.ERROR, finished_at=1_100.0, place="a.log.1:9")
        compared = keep(ledger, RUN, ended)
        assert (compared.new_runs, compared.completed_runs, compared.known_runs) == ((), (ended,), 1)
        assert (compared.new_records, compared.known_records) == ((), 1)
        assert not keep(ledger, RUN, OPEN).is_news
        with ledger.read() as db:
            assert imports.every_run(db) == (RUN, ended)


def test_totals_take_each_run_once_and_a_refuted_claim_as_an_error(state: State, password: str | None) -> None:
    refuted, twin = replace(RUN, identity="c"), replace(RUN, identity="d")
    with closing(open_ledger(state, password)) as ledger:
        keep(ledger, RUN, OPEN, refuted, twin)
        with ledger.read() as db:
            made_at = queries.made_at(db)
        with ledger.write() as db:
            imports.set_verdict(db, "c", Verdict.ABSENT, 2_000.0)
            imports.link(db, {"d": "a"})
            assert imports.count_into_totals(db, 3_000.0) == 2
            assert imports.count_into_totals(db, 4_000.0) == 0
        with ledger.read() as db:
            assert queries.born_at(db) == 3_000.0
            assert queries.made_at(db) == made_at
            assert queries.read_snapshot(db).totals_moved_at == 3_000.0
            counted = {one.labels["outcome"]: one.value for one in queries.totals_of(db, queries.families.RUNS)}
            assert counted == {"success": 1, "error": 1}
            summary = queries.import_summary(db)
            assert (summary.runs, summary.verdicts, summary.counted) == (
                {"success": 2, "unknown": 1},
                {"absent": 1},
                2,
            )


def test_a_claim_that_is_refuted_after_it_was_counted_is_put_right_in_the_totals(
    state: State, password: str | None
) -> None:
    with closing(open_ledger(state, password)) as ledger:
        keep(ledger, RUN)
        with ledger.write() as db:
            imports.count_into_totals(db, 3_000.0)
            assert not imports.set_verdict(db, "a", Verdict.MERGED, 4_000.0)
            assert imports.set_verdict(db, "a", Verdict.OTHER, 5_000.0)
            assert not imports.set_verdict(db, "a", Verdict.ABSENT, 6_000.0)
        with ledger.read() as db:
            found = {
                (one.labels.get("outcome"), one.part): one.value
                for family in (queries.families.RUNS, queries.families.ERRORS, queries.families.RUN_DURATION)
                for one in queries.totals_of(db, family)
            }
            assert found == {
                ("success", ""): 0,
                ("error", ""): 1,
                (None, ""): 1,  # of aip_errors_total
                ("success", "le:60"): 0,
                ("success", "sum"): 0,
                ("error", "le:60"): 1,
                ("error", "sum"): 45.2,
            }
            assert (queries.born_at(db), queries.read_snapshot(db).totals_moved_at) == (5_000.0, 5_000.0)
