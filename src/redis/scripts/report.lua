#!lua flags=no-writes
-- What the log knows of a session, and of entries that it wrote.
-- KEYS: meta sessions told commands leader
-- ARGV: session, ids of entries
-- Answers: log time, the session's record, the messages kept for it, for how many ms somebody leads, which entries wait

local meta, sessions, told, commands, leader = unpack(KEYS)
local session = ARGV[1]

local now, err = fields(meta, 'protocol', 'cursor', 'at')
if err then return err end
local record, messages = false, {}
if now[1] then
  if now[1] ~= PROTOCOL then return other(now[1]) end
  local failure = unsound(sessions)
  if failure then return failure end
  record = redis.call('HGET', sessions, session)
  local kept = redis.pcall('HGET', told, session)
  if type(kept) == 'table' then return broken(told, 'hash') end
  for message in string.gmatch(kept or '', '%S+') do
    local text = redis.call('HGET', told, session .. '\n' .. message)
    -- Somebody has deleted it: only what comes after a hole is told, if anything does.
    if text then messages[#messages + 1] = text else messages = {} end
  end
end

local pending = {}
for i = 2, #ARGV do
  local found = redis.pcall('XRANGE', commands, ARGV[i], ARGV[i])
  if found.err then return broken(commands, 'stream') end
  if found[1] then pending[#pending + 1] = ARGV[i] end
end
local at = logTime(now[2], now[3])
return {at, record, messages, math.max(redis.call('PTTL', leader), 0), pending}
