-- Issues that intake refuses at the moment, with the rule that says so.
SELECT
  issues.repository,
  issues.number AS issue,
  issues.title,
  issues.priority,
  issues.skip_reason AS reason,
  to_timestamp(issues.seen_at) AS seen
FROM aip.issues
WHERE issues.skip_reason IS NOT NULL
  AND issues.repository IN (${repository:sqlstring})
  AND (
    ${search:sqlstring} = ''
    OR issues.number::text = ltrim(${search:sqlstring}, '# ')
    OR position(lower(${search:sqlstring}) IN lower(issues.title)) > 0
  )
ORDER BY issues.seen_at DESC
LIMIT 500
