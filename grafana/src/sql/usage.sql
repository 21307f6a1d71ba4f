-- What the agent said that the chosen run took, attempt by attempt.
SELECT
  usage.attempt,
  usage.agent,
  usage.input_tokens,
  usage.cache_read_tokens,
  usage.cache_write_tokens,
  usage.output_tokens,
  usage.cost_dollars
FROM aip.usage
WHERE usage.run_id = trim(${run:sqlstring})
ORDER BY usage.attempt
