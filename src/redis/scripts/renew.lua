#!lua flags=allow-oom
-- Prolongs a term, if it still stands.
-- KEYS: leader meta
-- ARGV: <epoch>:<candidate>, lease in ms
-- Answers log time; nothing if the term has ended

local leader, meta = unpack(KEYS)
local term, leaseMs = unpack(ARGV)

if redis.pcall('GET', leader) ~= term then return false end
local now, err = fields(meta, 'epoch', 'cursor', 'at')
if err then return err end
if now[1] ~= string.match(term, '^%d+') then return false end
redis.call('PEXPIRE', leader, leaseMs)
return text(logTime(now[2], now[3]))
