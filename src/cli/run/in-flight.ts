/** Keeps the number of tasks under way bounded: who would add one more waits. */

export class InFlight {
  private count = 0;
  private onEnd: (() => void) | undefined = undefined;

  constructor(private readonly limit: number) {}

  /** Starts the task as soon as there is room for it. The task must not reject. */
  async add(task: () => Promise<void>): Promise<void> {
    while (this.count >= this.limit) await this.nextEnd();
    this.count++;
    void task().then(() => {
      this.count--;
      this.onEnd?.();
    });
  }

  /** Resolves when none is left. */
  async idle(): Promise<void> {
    while (this.count > 0) await this.nextEnd();
  }

  private nextEnd(): Promise<void> {
    return new Promise((resolve) => {
      this.onEnd = resolve;
    });
  }
}
