/** What goes wrong, by chance, and that it is mended. */

import { DamageFaults } from "./faults/damage.js";
import { Healing } from "./faults/healing.js";
import { NetworkFaults } from "./faults/network.js";
import { ProcessFaults } from "./faults/processes.js";
import { ServerFaults } from "./faults/servers.js";
import type { Fault } from "./plan.js";
import type { Random } from "./random.js";
import { Tally } from "./tally.js";
import type { World } from "./world.js";

export class Faults {
  /** How often each kind was begun. */
  readonly begun = new Tally<Fault>();
  private readonly healing: Healing;
  private readonly network: NetworkFaults;
  private readonly processes: ProcessFaults;
  private readonly servers: ServerFaults;
  private readonly damage: DamageFaults;

  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {
    world.holds.isLedAstray = () =>
      world.members.some(({ life }) => life?.candidate?.leading && life.clock.isWrong);
    this.healing = new Healing(world.timeline);
    this.network = new NetworkFaults(world, random, this.healing);
    this.processes = new ProcessFaults(world, random, this.healing);
    this.servers = new ServerFaults(world, random, this.healing, this.network);
    this.damage = new DamageFaults(world, random, this.healing);
  }

  strike(): void {
    const { faults } = this.world.plan;
    if (Object.keys(faults).length === 0) return;
    const fault = this.random.weighted(faults);
    this.begun.add(fault);
    this.inflict(fault);
  }

  /** All that is broken works again, and nothing that was begun strikes any more. */
  healAll(): void {
    this.healing.all();
    this.damage.inspect();
  }

  private inflict(fault: Fault): void {
    const { network, processes, servers, damage, random } = this;
    const member = random.pick(this.world.members);
    const leader = this.world.leader() ?? member;
    const kinds: Readonly<Record<Fault, () => void>> = {
      "cut a connection": () => network.cut(member),
      "cut the leader": () => network.cut(leader),
      partition: () => network.partition(member),
      stall: () => network.stall(member, random.between(100, 3000)),
      // Long enough for another one to take over.
      "stall the leader": () => network.stall(leader, random.between(700, 2500)),
      pause: () => processes.pause(member),
      "pause the leader": () => processes.pause(leader),
      "suspend a machine": () => processes.suspend(member),
      crash: () => processes.crash(member),
      "crash the leader": () => processes.crash(leader),
      "crash at an await": () => processes.crashAtAnAwait(random.pick([member, leader])),
      rivals: () => processes.rivals(),
      "stop Redis": () => servers.stop(),
      "stop Redis and lose its last moments": () => servers.stopAndRewind(),
      "stop Redis and lose everything": () => servers.stopAndLoseAll(),
      "lose everything while nobody is there who knew": () => servers.loseAllUnknown(),
      "slow scripts": () => servers.slowDown(),
      "fill Redis": () => servers.fill(),
      "delete a key": () => damage.deleteKey(),
      "delete a field": () => damage.deleteField(),
      "delete an entry": () => damage.deleteEntry(),
      "delete the commands": () => damage.deleteCommands(),
      "delete what was told": () => damage.deleteTold(),
      "delete everything": () => damage.deleteEverything(),
      "set the clock": () => servers.setClock(),
      "nudge the clock": () => servers.nudgeClock(),
      "set the clock of a process": () => processes.setClock(member),
      "let the clock of a process go wrong": () => processes.letClockGoWrong(member),
      "write what no session writes": () => damage.writeNonsense(),
    };
    kinds[fault]();
  }
}
