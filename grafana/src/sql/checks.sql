-- What the gate said of the chosen run's change, check by check.
SELECT
  checks.name AS check_name,
  checks.result AS check_result,
  CASE WHEN checks.is_required THEN 'required' ELSE 'optional' END AS is_required,
  CASE WHEN checks.result IN ('passed', 'failed') THEN checks.score / 100 END AS score,
  checks.weight,
  checks.new_findings,
  checks.fixed_findings,
  checks.flaky_findings,
  checks.unchanged_findings,
  checks.duration_seconds AS duration,
  checks.summary
FROM aip.checks
WHERE checks.run_id = trim(${run:sqlstring})
ORDER BY checks.position
