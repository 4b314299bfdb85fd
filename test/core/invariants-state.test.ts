/** The witness objects to a state whose semaphores, slots or queues are not those that the events made. */

import { assertDefined } from "../../src/core/assert.js";
import { SemaphoreRecord, type State } from "../../src/core/state.js";
import { acquire } from "../support/commands.js";
import { contended, findsOut, held, type LieRow } from "../support/lies.js";
import type { Partition } from "../support/partition.js";

/** `a` holds the only slot, `b` waits for it, and then `c`. */
function crowded(partition: Partition): void {
  contended(partition);
  partition.given(acquire("c"));
}

/** What is done to "api" behind the back of the events. */
function tampered(change: (api: SemaphoreRecord) => void) {
  return (state: State) => change(assertDefined(state.semaphores.get("api"), "api"));
}

const SAYS = 'is not [["api"';

const lies: LieRow[] = [
  [
    "a queue in another order",
    10,
    SAYS,
    {
      given: crowded,
      tampered: tampered(({ queue }) => queue.push(assertDefined(queue.head, "its head"))),
    },
  ],
  [
    "a queue that lacks its head",
    10,
    SAYS,
    { given: crowded, tampered: tampered(({ queue }) => queue.head?.remove()) },
  ],
  [
    "a queue that lacks its last",
    10,
    SAYS,
    { given: crowded, tampered: tampered(({ queue }) => queue.tail?.remove()) },
  ],
  [
    "a waiter that has become a holder",
    10,
    SAYS,
    {
      given: contended,
      tampered: tampered(({ queue, holders }) => holders.push(assertDefined(queue.head, "b"))),
    },
  ],
  [
    "a waiter in the place of the holder",
    10,
    SAYS,
    {
      given: contended,
      tampered: tampered(({ queue, holders }) => {
        holders.head?.remove();
        holders.push(assertDefined(queue.head, "b"));
      }),
    },
  ],
  [
    "another value that was declared",
    10,
    SAYS,
    {
      given: held,
      tampered: tampered((api) => {
        api.declared = 7;
      }),
    },
  ],
  [
    "another semaphore in its place",
    10,
    SAYS,
    {
      given: held,
      tampered: ({ semaphores }) => {
        semaphores.delete("api");
        semaphores.add("blob", new SemaphoreRecord("blob", 1));
      },
    },
  ],
  [
    "a semaphore that is not there",
    10,
    SAYS,
    { given: held, tampered: ({ semaphores }) => semaphores.delete("api") },
  ],
];

findsOut(lies);
