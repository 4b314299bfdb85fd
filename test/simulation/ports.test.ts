/** The simulated Redis and its adapters keep the contract of the ports, as the real ones do. */

import { contractOfPorts } from "../contract/ports/ports.js";
import { SimulatedScene } from "./scene.js";

contractOfPorts({
  name: "the simulated Redis",
  canShiftClock: true,
  begin: async () => SimulatedScene.begin(),
});
