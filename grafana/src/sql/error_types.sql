-- For the variable `error_type`: those that occurred.
SELECT DISTINCT runs.error_type FROM aip.runs WHERE runs.error_type IS NOT NULL ORDER BY runs.error_type
