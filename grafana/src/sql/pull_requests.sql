-- Every pull request of ours for the chosen run's issue, as last seen on GitHub.
SELECT
  pull_requests.repository,
  pull_requests.number AS pull_request,
  pull_requests.state,
  pull_requests.review_state,
  pull_requests.ci_state,
  to_timestamp(pull_requests.created_at) AS opened,
  to_timestamp(coalesce(pull_requests.merged_at, pull_requests.closed_at)) AS closed,
  pull_requests.run_id AS run
FROM aip.pull_requests
JOIN aip.runs ON runs.repository = pull_requests.repository AND runs.issue = pull_requests.issue
WHERE runs.run_id = trim(${run:sqlstring})
ORDER BY pull_requests.created_at DESC
