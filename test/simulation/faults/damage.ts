/**
 * What others do to the keys: delete or replace some, or write to them. Whoever finds data that cannot be
 * trusted refuses; then an operator puts back what is missing or, where nobody has it any more, deletes all.
 */

import type { Random } from "../random.js";
import { checkTypes } from "../redis/checks.js";
import { copyOf, type Data, type KeyName } from "../redis/data.js";
import { load } from "../redis/scripts.js";
import type { World } from "../world.js";
import type { Healing } from "./healing.js";

/** Keys that nobody writes while they are missing: so they can be put back as they were. */
const KEPT = ["meta", "semaphores", "acquisitions", "sessions", "history"] as const;
/** Where a value of another type keeps everybody from writing. */
const REPLACED: readonly KeyName[] = [...KEPT, "told", "commands", "leader"];

const HASHES = ["semaphores", "acquisitions", "sessions", "told"] as const;

export class DamageFaults {
  constructor(
    private readonly world: World,
    private readonly random: Random,
    private readonly healing: Healing,
  ) {}

  deleteKey(): void {
    const { redis } = this.world;
    if (!redis.isUp) return;
    const before = redis.data;
    const copy = copyOf(before);
    const isReplaced = this.random.chance(0.5);
    const key: KeyName = this.random.pick(isReplaced ? REPLACED : KEPT);
    this.begin(isReplaced ? `${key} is now of another type` : `${key} is deleted`);
    if (isReplaced) redis.replaceKey(key);
    else redis.deleteKey(key);
    this.operatorComes(() => {
      if (redis.data === before) putBack(before, copy, key);
    });
  }

  deleteField(): void {
    const { redis, auditor } = this.world;
    const hash = this.random.pick(HASHES);
    const field = this.random.pickAny([...redis.data[hash].keys()]);
    if (!redis.isUp || field === undefined) return;
    this.begin(`a field of ${hash} is deleted: ${JSON.stringify(field)}`);
    redis.data[hash].delete(field);
    if (hash !== "told") auditor.lost(hash, field);
    this.operatorComes(() => {});
  }

  /** One that waits to be decided, if there is one. */
  deleteEntry(): void {
    const { redis } = this.world;
    const { commands } = redis.data;
    // There should be one: while nobody reads they pile up.
    const entry = this.random.pickAny(commands.after("0-0", 100));
    if (!redis.isUp || entry === undefined) return;
    this.world.chronicle.fault(`entry ${entry.id} is deleted`);
    redis.deleteEntry(entry.id);
  }

  deleteCommands(): void {
    if (!this.world.redis.isUp) return;
    this.world.chronicle.fault("the commands are deleted");
    this.world.redis.deleteKey("commands");
  }

  deleteTold(): void {
    if (!this.world.redis.isUp) return;
    this.begin("what was told is deleted");
    this.world.redis.deleteKey("told");
    this.operatorComes(() => {});
  }

  deleteEverything(): void {
    if (!this.world.redis.isUp) return;
    this.world.chronicle.fault("everything is deleted");
    this.world.redis.deleteEverything();
  }

  writeNonsense(): void {
    const { redis } = this.world;
    if (!redis.isUp || redis.isFull || redis.data.foreign.has("commands")) return;
    this.world.chronicle.fault("somebody writes nonsense");
    redis.add([
      ["session", "x"],
      ["number", "one"],
      ["commands", "[{}]"],
    ]);
  }

  /** An older copy of the data, which has the damage, may have come back since somebody looked. */
  inspect(): void {
    if (!isRefused(this.world.redis.moment)) return;
    this.world.note("an operator deletes everything");
    this.world.redis.deleteEverything();
  }

  private begin(what: string): void {
    this.world.chronicle.fault(what);
    this.world.redis.wasDamaged = true;
  }

  private operatorComes(mend: () => void): void {
    this.healing.healIn(this.random.between(100, 6000), () => {
      mend();
      this.inspect();
    });
  }
}

/** Nobody can work on it. */
function isRefused(moment: Parameters<typeof load>[0]): boolean {
  const { data } = moment;
  try {
    checkTypes(data, "commands", "leader");
    // What there is without it keeps anybody from beginning anew.
    if (data.meta === undefined && isEmpty(data)) return false;
    load(moment);
    return false;
  } catch {
    return true;
  }
}

function isEmpty({ sentinels, foreign, told, history }: Data): boolean {
  return sentinels.size + foreign.size + told.size + history.length === 0;
}

function putBack(data: Data, copy: Data, key: KeyName): void {
  data.foreign.delete(key);
  switch (key) {
    case "commands":
    case "leader":
      // Whoever needs them makes them anew.
      return;
    case "meta":
      data.meta = copy.meta;
      return;
    case "history":
      data.history = copy.history;
      return;
    case "told":
      data.told = copy.told;
      return;
    case "semaphores":
    case "acquisitions":
    case "sessions":
      data[key] = copy[key];
      data.sentinels = new Set([...data.sentinels, ...copy.sentinels]);
  }
}
