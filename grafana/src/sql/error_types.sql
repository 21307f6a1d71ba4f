-- For the variable `error_type`: those that were ever counted; the totals are few, the runs may be a million.
SELECT DISTINCT totals.labels::json ->> 'error_type' AS error_type
FROM aip.totals
WHERE totals.family = 'aip_errors_total'
ORDER BY error_type
