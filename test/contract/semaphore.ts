/**
 * What every semaphore promises, whatever it stands on. Run by one test file for each backend:
 * `contract({ name: "memory", createCoordinator: () => … })`.
 */

import { describe } from "vitest";
import { acquiring } from "./acquiring.js";
import { refusing } from "./arguments.js";
import type { Backend } from "./backend.js";
import { cancelling } from "./cancelling.js";
import { closing } from "./closing.js";
import { heartbeating } from "./heartbeating.js";
import { history } from "./history.js";
import { inspecting } from "./inspecting.js";
import { logging } from "./logging.js";
import { releasing } from "./releasing.js";
import { resizing } from "./resizing.js";
import { revoking } from "./revoking.js";
import { terms } from "./terms.js";
import { timing } from "./timing.js";
import { using } from "./using.js";
import { views } from "./views.js";

export function contract(backend: Backend): void {
  describe(`the contract of a semaphore: ${backend.name}`, () => {
    acquiring(backend);
    releasing(backend);
    cancelling(backend);
    timing(backend);
    heartbeating(backend);
    using(backend);
    terms(backend);
    resizing(backend);
    revoking(backend);
    views(backend);
    history(backend);
    logging(backend);
    inspecting(backend);
    closing(backend);
    refusing(backend);
  });
}
