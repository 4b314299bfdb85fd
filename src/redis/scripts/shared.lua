-- What all scripts share; it follows the first line of each.

local PROTOCOL = '1'

-- Data is missing, or not what it should be: nothing is granted on it.
local function broken(key, expected)
  local found = redis.call('TYPE', key).ok
  if found == 'none' then
    return redis.error_reply('DATA ' .. key .. ' is missing')
  elseif found ~= expected then
    return redis.error_reply('DATA ' .. key .. ' is a ' .. found .. ', not a ' .. expected)
  end
  return redis.error_reply('DATA ' .. key .. ' is not as slotstream leaves it')
end

local function other(protocol)
  return redis.error_reply('PROTOCOL the data has protocol ' .. protocol .. ', this version of slotstream speaks ' .. PROTOCOL)
end

-- Some fields of a hash, or false and the error.
local function fields(key, ...)
  local found = redis.pcall('HMGET', key, ...)
  if found.err then return false, broken(key, 'hash') end
  return found
end

-- The first of these hashes that lacks its sentinel, as an error; nil if all have it.
local function unsound(...)
  for _, key in ipairs({...}) do
    if redis.pcall('HGET', key, '') ~= '1' then return broken(key, 'hash') end
  end
end

-- Numbers of up to 2^53, as Redis writes them; Lua would say 1.7e+15.
local function text(number)
  return string.format('%.0f', number)
end

-- Log time: the server's, unless the cursor is ahead of it, or the last event, which a leader may date by its own clock.
-- Besides, the server's.
local function logTime(cursor, at)
  local now = redis.call('TIME')
  local ms = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
  return text(math.max(ms, tonumber(string.match(cursor or '0', '^%d+')), tonumber(at or '0'))), text(ms)
end

local function parts(id)
  local ms, sequence = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(sequence)
end

-- If the stream was deleted, new entries could come before the cursor, and would never be read.
local function moveTo(commands, cursor)
  local last = '0-0'
  if redis.call('EXISTS', commands) == 1 then
    local info = redis.call('XINFO', 'STREAM', commands)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then last = info[i + 1] end
    end
  end
  local ms, sequence = parts(cursor)
  local lastMs, lastSequence = parts(last)
  if ms > lastMs or (ms == lastMs and sequence > lastSequence) then
    redis.call('XADD', commands, 'MAXLEN', '=', '0', cursor, 'tick', '1')
  end
end
