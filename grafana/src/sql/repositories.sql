-- For the variable `repository`: every one of which an issue was ever seen.
SELECT DISTINCT issues.repository FROM aip.issues ORDER BY issues.repository
