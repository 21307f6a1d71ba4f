-- The services that live, and the level of load at which each lets issues start.
SELECT
  services.instance AS service,
  services.host,
  services.state AS service_state,
  extract(epoch FROM now())::float8 - services.heartbeat_at AS heartbeat_age,
  services.capacity_level,
  services.capacity_reason,
  services.max_parallel
FROM aip.services
WHERE services.state <> 'stopped'
ORDER BY services.instance
