#!lua flags=allow-oom
-- Begins a term, unless somebody else leads. Makes the data of a new partition, but only if there is none at all.
-- KEYS: leader meta semaphores acquisitions sessions told history commands
-- ARGV: candidate, lease in ms, pause after a restart in ms, run id of the server, inbox prefix, witness channel,
--       whether the candidate has seen data (1 or 0)
-- Answers: won, epoch, log time, the server's time; or: led, for how many ms

local leader, meta, semaphores, acquisitions, sessions, told, history, commands = unpack(KEYS)
local candidate, leaseMs, pauseMs, runId, inbox, witness, knows = unpack(ARGV)

-- A commit must not fail half-way: whoever leads may do all that it does.
local function denied()
  local needs = {
    {'HSET', meta, 'f', 'v'}, {'HGET', meta, 'f'}, {'HMGET', meta, 'f'}, {'HDEL', told, 'f'}, {'HLEN', told},
    {'XADD', history, '*', 'f', 'v'}, {'XLEN', history}, {'XTRIM', history, 'MINID', '0'},
    {'XTRIM', commands, 'MINID', '0'},
    {'XINFO', 'STREAM', commands}, {'EXISTS', meta}, {'TYPE', meta}, {'PTTL', leader}, {'PEXPIRE', leader, '1'},
    {'GET', leader}, {'SET', leader, 'v'}, {'DEL', leader}, {'SPUBLISH', inbox .. 'session', ''},
    {'PUBSUB', 'SHARDNUMSUB', witness}, {'TIME'},
  }
  for _, need in ipairs(needs) do
    if not redis.acl_check_cmd(unpack(need)) then
      return redis.error_reply('NOPERM ' .. need[1] .. (need[2] and ' ' .. need[2] or '') .. ', as scripts do it')
    end
  end
end

-- New data is the first, or replaces what was lost: then somebody has seen that, and it counts as of another server.
local function create()
  if redis.call('EXISTS', semaphores, acquisitions, sessions, told, history) > 0 then
    return broken(meta, 'hash')
  end
  local lost = knows == '1' or redis.call('PUBSUB', 'SHARDNUMSUB', witness)[2] > 0
  redis.call('HSET', meta, 'protocol', PROTOCOL, 'runId', lost and '' or runId, 'incarnation', lost and '0' or '1',
    'pauseMs', pauseMs, 'epoch', '0', 'commit', '0', 'cursor', '0-0', 'at', '0', 'seq', '0', 'token', '0',
    'sweepAt', '', 'shiftMs', '0', 'pausedUntil', '0', 'head', '', 'checkpoints', '[]', 'owed', '0',
    'semaphores', '0', 'acquisitions', '0', 'sessions', '0')
  for _, key in ipairs({semaphores, acquisitions, sessions}) do redis.call('HSET', key, '', '1') end
end

local refusal = denied()
if refusal then return refusal end

local now, err = fields(meta, 'protocol', 'epoch', 'runId', 'pauseMs', 'cursor', 'at')
if err then return err end
if now[1] and now[1] ~= PROTOCOL then return other(now[1]) end

local leading = redis.pcall('GET', leader)
if type(leading) == 'table' then return broken(leader, 'string') end
local again = false
if leading then
  local epoch, name = string.match(leading, '^(%d+):(.+)$')
  local ledForMs = redis.call('PTTL', leader)
  if not epoch or ledForMs < 0 then return broken(leader, 'string') end
  if name ~= candidate then
    -- A server's clock that was set back would make the lease last as much longer.
    if ledForMs > tonumber(leaseMs) then
      redis.call('PEXPIRE', leader, leaseMs)
      ledForMs = tonumber(leaseMs)
    end
    return {'led', ledForMs}
  end
  again = epoch == now[2] and runId == now[3]
end

if type(redis.pcall('XLEN', commands)) ~= 'number' then return broken(commands, 'stream') end
if not now[1] then
  local failure = create()
  if failure then return failure end
  now = redis.call('HMGET', meta, 'protocol', 'epoch', 'runId', 'pauseMs', 'cursor', 'at')
else
  local failure = unsound(semaphores, acquisitions, sessions)
  if failure then return failure end
end

local epoch = now[2]
if not again then
  local time = redis.call('TIME')
  epoch = text(math.max(tonumber(epoch) + 1, tonumber(time[1]) * 1000000 + tonumber(time[2])))
  moveTo(commands, now[5])
  redis.call('HSET', meta, 'epoch', epoch, 'pauseMs', text(math.max(tonumber(now[4]), tonumber(pauseMs))))
end
redis.call('SET', leader, epoch .. ':' .. candidate, 'PX', leaseMs)
return {'won', epoch, logTime(now[5], now[6])}
