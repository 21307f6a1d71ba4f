-- The chosen run: what was done for which issue, and how it ended.
SELECT
  runs.repository,
  runs.issue,
  runs.title,
  runs.priority,
  coalesce(runs.outcome, runs.state) AS outcome,
  runs.pull_request,
  runs.agent,
  runs.started_at - runs.queued_at AS waited,
  coalesce(runs.finished_at, extract(epoch FROM now())::float8) - runs.started_at AS duration,
  runs.added_lines,
  runs.removed_lines
FROM aip.runs
WHERE runs.run_id = trim(${run:sqlstring})
