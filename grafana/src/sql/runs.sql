-- Runs that ended in the time of the dashboard, and those at work; newest first. Dry runs and the canary's are no runs here.
SELECT
  runs.run_id AS run,
  to_timestamp(runs.finished_at) AS ended,
  runs.repository,
  runs.issue,
  runs.title,
  runs.priority,
  coalesce(runs.outcome, runs.state) AS outcome,
  runs.error_type,
  coalesce(runs.finished_at, extract(epoch FROM now())::float8) - runs.started_at AS duration,
  runs.attempts,
  runs.gate_score / 100 AS gate_score,
  (SELECT sum(usage.cost_dollars) FROM aip.usage WHERE usage.run_id = runs.run_id) AS cost,
  runs.pull_request
FROM aip.runs
WHERE (runs.state = 'running' OR (runs.state = 'finished' AND $__unixEpochFilter(runs.finished_at)))
  AND NOT runs.is_dry_run
  AND NOT runs.is_canary
  AND runs.repository IN (${repository:sqlstring})
  AND runs.priority IN (${priority:sqlstring})
  AND coalesce(runs.outcome, runs.state) IN (${outcome:sqlstring})
  AND coalesce(runs.error_type, '') IN (${error_type:sqlstring})
  AND (
    ${search:sqlstring} = ''
    OR runs.issue::text = ltrim(${search:sqlstring}, '# ')
    OR position(lower(${search:sqlstring}) IN lower(runs.title)) > 0
  )
ORDER BY runs.finished_at DESC NULLS FIRST, runs.run_id
LIMIT 500
