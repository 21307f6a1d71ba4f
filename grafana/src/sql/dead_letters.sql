-- Issues that were given up: their newest run ended as a dead letter, and nobody let them be tried again since.
SELECT
  runs.run_id AS run,
  to_timestamp(runs.finished_at) AS ended,
  runs.repository,
  runs.issue,
  runs.title,
  runs.error_type,
  runs.error_message,
  runs.attempts
FROM aip.runs
WHERE runs.is_dead_letter IS true
  AND NOT runs.is_dry_run
  AND NOT runs.is_canary
  AND runs.repository IN (${repository:sqlstring})
  AND NOT EXISTS (
    SELECT FROM aip.runs AS newer
    WHERE newer.repository = runs.repository
      AND newer.issue = runs.issue
      AND newer.queued_at > runs.queued_at
      AND NOT newer.is_dry_run
  )
ORDER BY runs.finished_at DESC
LIMIT 500
