-- What waits, in the order of work, with what the ledger knows of why; then what a first start holds back.
WITH pause AS (
  SELECT set_by, reason FROM aip.controls WHERE key = 'paused'
), waiting AS (
  SELECT
    row_number() OVER (
      ORDER BY runs.priority_rank, runs.issue_created_at, runs.issue, runs.repository
    )::int AS position,
    runs.repository,
    runs.issue,
    runs.title,
    runs.priority,
    extract(epoch FROM now())::float8 - runs.queued_at AS waiting,
    CASE WHEN EXISTS (SELECT FROM pause) THEN 'paused' ELSE 'turn' END AS why,
    (SELECT concat_ws(': ', pause.set_by, nullif(pause.reason, '')) FROM pause) AS by_whom
  FROM aip.runs
  WHERE runs.state = 'queued'
    AND NOT runs.is_canary
  UNION ALL
  SELECT
    NULL, issues.repository, issues.number, issues.title, issues.priority,
    extract(epoch FROM now())::float8 - issues.discovered_at, 'operator', NULL
  FROM aip.issues
  WHERE issues.is_waiting_for_operator
)
SELECT position, repository, issue, title, priority, waiting, why, by_whom
FROM waiting
WHERE repository IN (${repository:sqlstring})
ORDER BY position NULLS LAST, waiting DESC
LIMIT 500
