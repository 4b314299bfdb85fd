/** What `slotstream run --help` says after the options. */

export const RUN_HELP = `
The command is run as it stands, without a shell. It gets the signals that
slotstream gets; and if its slot is lost, SIGTERM, then SIGKILL.

With --redis, all who name the same semaphore share its slots, first come, first
served; if this process dies, its slots come back within 15 seconds. Without, or
with --redis "", the slots are those of this one process.

With --each, {} in the command becomes the line; without {}, the line is added
as its last argument. Empty lines are skipped. What the commands write comes
out in whole lines.

Examples:
  Never deploy twice at a time, from whatever machine:
    $ export SLOTSTREAM_REDIS_URL=redis://localhost:6379
    $ slotstream run --name deploy -- ./deploy.sh
  Leave it to the one that is at it already:
    $ slotstream run --name sync --max-wait 0 -- ./sync.sh
  Download what urls.txt lists, 8 at a time:
    $ slotstream run --name get --value 8 --each -- curl -sSfO < urls.txt
  Stop a deployment that takes too long, gently at first:
    $ slotstream run --name deploy --ttl 10m --kill-after 30s -- ./deploy.sh

Environment of the command:
  SLOTSTREAM_SLOT           the slot that it holds: 0 … value-1
  SLOTSTREAM_FENCING_TOKEN  a number that rises with every grant
  SLOTSTREAM_ACQUISITION    the id of its acquisition

Exit status: the command's own, 128+n if signal n ended it, or
   64  wrong usage
   66  with --each: standard input cannot be read
   69  Redis cannot be reached
   75  no slot came free within --max-wait
   78  Redis refuses: password, permission, version or data
  123  with --each: a command failed
  126  the command cannot be run
  127  the command was not found`;
