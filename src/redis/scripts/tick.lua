#!lua flags=allow-oom
-- Appends a tick, also when memory is full: what is due then gives some back.
-- KEYS: commands
-- ARGV: log time in ms, or nothing for the log's own
-- Answers its id

if ARGV[1] ~= '' then
  local id = redis.pcall('XADD', KEYS[1], ARGV[1] .. '-*', 'tick', '1')
  -- Where it fails, the log is past that time already.
  if type(id) == 'string' then return id end
end
return redis.call('XADD', KEYS[1], '*', 'tick', '1')
