#!lua flags=allow-oom
-- Prolongs a term, if it still stands.
-- KEYS: leader meta commands
-- ARGV: <epoch>:<candidate>, lease in ms
-- Answers log time and the server's; nothing if the term has ended

local leader, meta, commands = unpack(KEYS)
local term, leaseMs = unpack(ARGV)

if redis.pcall('GET', leader) ~= term then return false end
local now, err = fields(meta, 'epoch', 'cursor', 'at')
if err then return err end
if now[1] ~= string.match(term, '^%d+') then return false end
-- Whoever reads finds out if it is no stream.
if type(redis.pcall('XLEN', commands)) == 'number' then moveTo(commands, now[2]) end
redis.call('PEXPIRE', leader, leaseMs)
return {logTime(now[2], now[3])}
