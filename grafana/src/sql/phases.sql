-- The phases of the chosen run in the order of their start, each attempt its own; the error of the attempt where it failed.
SELECT
  phases.attempt,
  phases.phase,
  to_timestamp(phases.started_at) AS started,
  coalesce(phases.ended_at, extract(epoch FROM now())::float8) - phases.started_at AS duration,
  coalesce(phases.result, 'running') AS phase_result,
  phases.interruptions,
  CASE WHEN phases.result = attempts.error_type THEN attempts.error_message END AS error_message,
  CASE WHEN phases.result = attempts.error_type THEN attempts.retry_after_seconds END AS retry_after
FROM aip.phases
LEFT JOIN aip.attempts ON attempts.run_id = phases.run_id AND attempts.number = phases.attempt
WHERE phases.run_id = trim(${run:sqlstring})
ORDER BY phases.started_at, phases.attempt
