#!lua flags=allow-oom
-- Ends a term, if it still stands, and says so.
-- KEYS: leader
-- ARGV: <epoch>:<candidate>, channel

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.pcall('SPUBLISH', ARGV[2], '')
return 1
