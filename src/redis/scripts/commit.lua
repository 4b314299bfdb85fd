#!lua flags=allow-oom
-- Stores what follows from some entries, and tells the sessions. No policy. Whatever can be wrong is looked at
-- before anything is written, since what a script has written stays.
-- KEYS: meta semaphores acquisitions sessions told history commands
-- ARGV: epoch, commit number, cursor before, cursor after, the id that follows it, run id (empty unless the data
--       begins another life), at, seq, token, sweepAt, shiftMs, pausedUntil, pauseMs, counts of semaphores, acquisitions,
--       sessions; of the entry of the history: id, seq of the first event, commands, events, hash, and for a checkpoint
--       the hash before and the state (else empty); the list of checkpoints (empty: as it is), what is owed, the id up to
--       which the history is trimmed (empty: it is not); inbox prefix;
--       then how many fields are set and deleted in semaphores, acquisitions, sessions and told, and how many messages
--       there are; then the fields (with their texts where they are set) and the messages: session, how the message
--       begins, from where to where it continues in the events (then it ends with ]}; nothing twice: with all of them,
--       and }), and what it is kept by (nothing: it is not)
-- Answers: done (also to a repeat), epoch (another term has begun), cursor (it does not follow the last commit)

local HEADER, MESSAGE, STEP = 36, 5, 1000
local meta, semaphores, acquisitions, sessions, told, history, commands = unpack(KEYS)
local hashes = {semaphores, acquisitions, sessions, told}
local epoch, number, from, to, following, runId = unpack(ARGV, 1, 6)
local place, first, decided, events, hash, previous, state = unpack(ARGV, 17, 23)
local checkpoints, owed, trimTo, inbox = unpack(ARGV, 24, 27)

-- Data that is gone altogether is the next claim's concern.
local now, err = fields(meta, 'protocol', 'epoch', 'commit', 'cursor', 'incarnation')
if err then return err end
if not now[1] then return 'epoch' end
if now[1] ~= PROTOCOL then return other(now[1]) end
if now[2] ~= epoch then return 'epoch' end
if now[3] == number then return 'done' end
if tonumber(now[3]) + 1 ~= tonumber(number) or now[4] ~= from then return 'cursor' end

local failure = unsound(semaphores, acquisitions, sessions)
if failure then return failure end
if type(redis.pcall('HLEN', told)) ~= 'number' then return broken(told, 'hash') end
local entries = redis.pcall('XLEN', history)
if type(entries) ~= 'number' or (entries == 0 and now[3] ~= '0') then return broken(history, 'stream') end
if type(redis.pcall('XLEN', commands)) ~= 'number' then return broken(commands, 'stream') end

local expected = HEADER + MESSAGE * tonumber(ARGV[HEADER])
for i = 28, HEADER - 1, 2 do expected = expected + 2 * tonumber(ARGV[i]) + tonumber(ARGV[i + 1]) end
if #ARGV ~= expected then return redis.error_reply('DATA a commit has ' .. #ARGV .. ' arguments, not ' .. expected) end

-- The first to be written: an id that does not follow the last one is the one thing that is found out by trying.
local entry = {'seq', first, 'epoch', epoch, 'commands', decided, 'events', events, 'hash', hash}
if state ~= '' then
  for _, part in ipairs({'previous', previous, 'state', state}) do entry[#entry + 1] = part end
end
if redis.pcall('XADD', history, place, unpack(entry)).err then return broken(history, 'stream') end

-- In steps: Lua cannot hand over many thousand arguments at once.
local function write(command, key, first, count)
  for i = first, first + count - 1, STEP do
    redis.call(command, key, unpack(ARGV, i, math.min(i + STEP, first + count) - 1))
  end
  return first + count
end

local next = HEADER + 1
for i, key in ipairs(hashes) do
  next = write('HSET', key, next, 2 * tonumber(ARGV[26 + 2 * i]))
  next = write('HDEL', key, next, tonumber(ARGV[27 + 2 * i]))
end
-- Lua reads every byte of each string that it makes, so events are not cut out if a message has them all.
local messages = {}
for i = next, #ARGV, MESSAGE do
  local session, beginning, start, finish, id = unpack(ARGV, i, i + MESSAGE - 1)
  local message = start == '' and beginning .. events .. '}' or beginning .. string.sub(events, start, finish) .. ']}'
  if id ~= '' then redis.call('HSET', told, session .. '\n' .. id, message) end
  messages[#messages + 1] = message
end
redis.call('HSET', meta, 'commit', number, 'cursor', to, 'at', ARGV[7], 'seq', ARGV[8], 'token', ARGV[9],
  'sweepAt', ARGV[10], 'shiftMs', ARGV[11], 'pausedUntil', ARGV[12], 'pauseMs', ARGV[13], 'semaphores', ARGV[14],
  'acquisitions', ARGV[15], 'sessions', ARGV[16], 'head', hash, 'owed', owed)
if checkpoints ~= '' then redis.call('HSET', meta, 'checkpoints', checkpoints) end
if runId ~= '' then
  redis.call('HSET', meta, 'runId', runId, 'incarnation', text(tonumber(now[5]) + 1))
end
if trimTo ~= '' then redis.call('XTRIM', history, 'MINID', '=', trimTo) end
redis.call('XTRIM', commands, 'MINID', '=', following)

for i, message in ipairs(messages) do redis.pcall('SPUBLISH', inbox .. ARGV[next + MESSAGE * (i - 1)], message) end
return 'done'
