#!lua
-- Makes visible what was written under other names, if nothing is there and nothing of it is missing.
-- KEYS: meta semaphores acquisitions sessions told history commands leader; then the other names of the first six
-- ARGV: head; how many fields semaphores, acquisitions, sessions and told have, and how many entries the history
-- Answers: done (also to a repeat), taken (somebody has begun there), or lost (not all that was written is there)

local OWN, WRITTEN = 8, 6

local function denied()
  for i = 1, WRITTEN do
    for _, need in ipairs({{'RENAME', KEYS[OWN + i], KEYS[i]}, {'PERSIST', KEYS[OWN + i]}}) do
      if not redis.acl_check_cmd(unpack(need)) then
        return redis.error_reply('NOPERM ' .. need[1] .. ', as the script import does it')
      end
    end
  end
end

local refusal = denied()
if refusal then return refusal end

local now, err = fields(KEYS[1], 'head')
if err then return err end
if redis.call('EXISTS', unpack(KEYS, OWN + 1, OWN + WRITTEN)) == 0 and now[1] == ARGV[1] then return 'done' end
if redis.call('EXISTS', unpack(KEYS, 1, OWN)) > 0 then return 'taken' end

if redis.call('EXISTS', KEYS[OWN + 1]) == 0 then return 'lost' end
for i = 2, WRITTEN do
  local length = redis.call(i < WRITTEN and 'HLEN' or 'XLEN', KEYS[OWN + i])
  if length ~= tonumber(ARGV[i]) then return 'lost' end
end

for i = 1, WRITTEN do
  -- Without sessions, nobody was told anything.
  if redis.call('EXISTS', KEYS[OWN + i]) == 1 then
    redis.call('PERSIST', KEYS[OWN + i])
    redis.call('RENAME', KEYS[OWN + i], KEYS[i])
  end
end
return 'done'
