/**
 * What `Lease`, `Store` and `Uplink` promise, whatever is behind them: the real scripts on a real server, or
 * those of the simulator, which must not be friendlier.
 */

import { describe } from "vitest";
import { claiming } from "./claiming.js";
import { committing } from "./committing.js";
import { connecting } from "./connecting.js";
import { filling } from "./filling.js";
import { loading } from "./loading.js";
import { losing } from "./losing.js";
import { messages } from "./messages.js";
import { reading } from "./reading.js";
import { refusing } from "./refusing.js";
import { renewing } from "./renewing.js";
import { reporting } from "./reporting.js";
import type { PortsBackend } from "./scene.js";
import { shifting } from "./shifting.js";

export function contractOfPorts(backend: PortsBackend): void {
  describe(`the contract of the ports: ${backend.name}`, () => {
    claiming(backend);
    renewing(backend);
    loading(backend);
    reading(backend);
    committing(backend);
    messages(backend);
    reporting(backend);
    connecting(backend);
    losing(backend);
    shifting(backend);
    filling(backend);
    refusing(backend);
  });
}
