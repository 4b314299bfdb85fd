/** The witness objects to stale words that take effect, and to words that take effect twice or never. */

import { acquire, heartbeat } from "../support/commands.js";
import {
  altered,
  contended,
  findsOut,
  full,
  givenBack,
  held,
  hidden,
  invented,
  type LieRow,
  ofA,
  ofB,
} from "../support/lies.js";

const lies: LieRow[] = [
  [
    "a release that nobody asked for",
    4,
    "nobody asked",
    { given: held, told: invented({ ...ofA, type: "released", reason: "released" }) },
  ],
  [
    "a release of what is not held",
    4,
    "it was not held",
    { given: contended, told: invented({ ...ofB, type: "released", reason: "left" }) },
  ],
  [
    "an expiry of what is not held",
    4,
    "it was not held",
    { given: contended, told: invented({ ...ofB, type: "expired", reason: "ttl" }) },
  ],
  [
    "a slot taken back by nobody",
    4,
    "nobody asked",
    { given: held, told: invented({ ...ofA, type: "expired", reason: "revoked" }) },
  ],
  [
    "a revoke of what is not held",
    4,
    "it was not held",
    { given: contended, told: invented({ ...ofB, type: "revoked", number: 2 }) },
  ],
  [
    "an end of waiting for what is held",
    4,
    "it was held",
    { given: held, told: invented({ ...ofA, ...full, type: "abandoned", reason: "cancelled" }) },
  ],
  [
    "a command without an answer",
    5,
    "0 answers to heartbeat by 0-s#1",
    { when: heartbeat(), told: hidden("heartbeat") },
  ],
  [
    "a command that is answered twice",
    5,
    "2 answers to heartbeat by 0-s#1",
    { when: heartbeat(), told: (events) => [...events, ...events] },
  ],
  [
    "an answer out of turn",
    5,
    "number 2 was expected",
    { given: held, told: invented({ type: "heartbeat", session: "0-s", number: 3 }) },
  ],
  [
    "a refusal of the session's next command",
    5,
    "it was the session's next",
    { given: held, told: invented({ type: "refused", session: "0-s", number: 2, reason: "gap" }) },
  ],
  [
    "a second acquisition with the id of a live one",
    5,
    "the id is not new",
    { given: held, when: acquire("b"), told: altered("queued", { acquisition: "a" }) },
  ],
  [
    "a second acquisition with the id of an ended one",
    5,
    "the id is not new",
    { given: givenBack, when: acquire("b"), told: altered("queued", { acquisition: "a" }) },
  ],
  [
    "a second grant",
    5,
    "it was granted before",
    { given: held, told: invented({ ...ofA, type: "granted", slot: 0, token: 2 }) },
  ],
];

findsOut(lies);
