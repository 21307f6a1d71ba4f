-- Where to look further about the chosen run: its error, and the commands that print its log on the service's machine.
SELECT
  runs.error_type,
  runs.error_message,
  coalesce(runs.executed_by, runs.released_by) AS service,
  'aip logs ' || runs.run_id || ' --agent' AS log,
  'aip queue show ' || runs.run_id AS findings
FROM aip.runs
WHERE runs.run_id = trim(${run:sqlstring})
