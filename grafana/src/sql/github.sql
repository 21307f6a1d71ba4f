-- For the variable `github`: where issues and pull requests are seen, as the pull requests of before say.
SELECT coalesce(
  (SELECT substring(pull_requests.url FROM '^(https?://[^/]+)/') FROM aip.pull_requests
   ORDER BY pull_requests.created_at DESC LIMIT 1),
  'https://github.com'
)
