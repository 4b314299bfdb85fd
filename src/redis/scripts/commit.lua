#!lua flags=allow-oom
-- Stores what follows from some entries, and tells the sessions. No policy. Whatever can be wrong is looked at
-- before anything is written, since what a script has written stays.
-- KEYS: meta semaphores acquisitions sessions told history commands
-- ARGV: epoch, commit number, cursor before, cursor after, the id that follows it, run id (empty unless the data
--       begins another life), at, seq, token, sweepAt, shiftMs, pausedUntil, counts of semaphores, acquisitions,
--       sessions, length of the history, seq of the first event, commands, events, hash, inbox prefix;
--       then how many fields are set and deleted in semaphores, acquisitions and sessions, and how many messages there
--       are; then the fields (with their texts where they are set) and the messages: session, text, and how many bytes of
--       what told keeps for it were seen (or -, if it shall keep nothing)
-- Answers: done (also to a repeat), epoch (another term has begun), cursor (it does not follow the last commit)

local HEADER, STEP = 28, 1000
local meta, semaphores, acquisitions, sessions, told, history, commands = unpack(KEYS)
local epoch, number, from, to, following, runId = unpack(ARGV, 1, 6)
local hashes = {semaphores, acquisitions, sessions}

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

local expected = HEADER + 3 * tonumber(ARGV[HEADER])
for i = 22, HEADER - 1, 2 do expected = expected + 2 * tonumber(ARGV[i]) + tonumber(ARGV[i + 1]) end
if #ARGV ~= expected then return redis.error_reply('DATA a commit has ' .. #ARGV .. ' arguments, not ' .. expected) end

-- In steps: Lua cannot hand over many thousand arguments at once.
local function write(command, key, first, count)
  for i = first, first + count - 1, STEP do
    redis.call(command, key, unpack(ARGV, i, math.min(i + STEP, first + count) - 1))
  end
  return first + count
end

local next = HEADER + 1
for i, key in ipairs(hashes) do
  next = write('HSET', key, next, 2 * tonumber(ARGV[20 + 2 * i]))
  next = write('HDEL', key, next, tonumber(ARGV[21 + 2 * i]))
end
for i = next, #ARGV, 3 do
  local session, message, seen = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if seen == '-' then
    redis.call('HDEL', told, session)
  else
    local unseen = string.sub(redis.call('HGET', told, session) or '[]', 2 + tonumber(seen), -2)
    redis.call('HSET', told, session, '[' .. unseen .. (unseen == '' and '' or ',') .. message .. ']')
  end
end
redis.call('HSET', meta, 'commit', number, 'cursor', to, 'at', ARGV[7], 'seq', ARGV[8], 'token', ARGV[9],
  'sweepAt', ARGV[10], 'shiftMs', ARGV[11], 'pausedUntil', ARGV[12], 'semaphores', ARGV[13],
  'acquisitions', ARGV[14], 'sessions', ARGV[15], 'head', ARGV[20])
if runId ~= '' then
  redis.call('HSET', meta, 'runId', runId, 'incarnation', text(tonumber(now[5]) + 1))
end
redis.call('XADD', history, 'MAXLEN', '~', ARGV[16], '*', 'seq', ARGV[17], 'epoch', epoch, 'commands', ARGV[18],
  'events', ARGV[19], 'hash', ARGV[20])
redis.call('XTRIM', commands, 'MINID', '=', following)

for i = next, #ARGV, 3 do redis.pcall('SPUBLISH', ARGV[21] .. ARGV[i], ARGV[i + 1]) end
return 'done'
