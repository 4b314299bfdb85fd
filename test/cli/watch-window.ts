/** `slotstream watch` in a window: on a real pseudo terminal, with what one sees there. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { onTestFailed } from "vitest";
import { MAIN, onTerminal, type Running } from "./support.js";
import { VirtualTerminal } from "./watch-terminal.js";

export interface WindowOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** Besides ours, as `NAME=value`. */
  readonly environment?: readonly string[];
  /** Its shell tells when it was stopped, and brings it back after a line was typed. */
  readonly inBackground?: boolean;
}

export class WatchWindow {
  readonly terminal: VirtualTerminal;
  private readonly running: Running;

  constructor(
    args: readonly string[],
    { columns = 80, rows = 24, environment = [], inBackground = false }: WindowOptions = {},
  ) {
    this.terminal = new VirtualTerminal(columns, rows);
    const quoted = [process.execPath, MAIN, "watch", ...args].map((word) => `'${word}'`).join(" ");
    const [jobs, andBack] = inBackground
      ? ["set -m; ", 'echo "stopped $?"; read line; fg; ']
      : ["", ""];
    // What comes after it shows how it has left the terminal.
    this.running = onTerminal(
      `${jobs}stty cols ${columns} rows ${rows}; tty; sh -c 'echo pid $$; exec "$@"' sh ` +
        `env -u NO_COLOR -u FORCE_COLOR TERM=xterm ${environment.join(" ")} ${quoted}; ` +
        `${andBack}echo status $?; ` +
        "stty -a | tr ' ' '\\n' | grep -e icanon -e '^-\\?echo;\\?$' -e isig",
    );
    this.running.child.stdout?.on("data", (chunk) => this.terminal.write(String(chunk)));
    onTestFailed(() => console.error(`In the window:\n${this.terminal.text}`));
  }

  /** Resolves with what is to be seen, once that is so. */
  async shows(what: RegExp): Promise<string> {
    await this.until(() => what.test(this.terminal.text), `${what}`);
    return this.terminal.text;
  }

  /** Resolves once it has left the screen and come back to it. */
  drawnAnew(): Promise<void> {
    return this.until(() => this.written.split("?1049h").length > 2, "another beginning");
  }

  type(keys: string): void {
    this.running.child.stdin?.write(keys);
  }

  /** Of the process itself. */
  kill(signal: NodeJS.Signals): void {
    const [, pid] = /^pid (\d+)$/m.exec(this.terminal.main.text) ?? [];
    process.kill(Number(pid), signal);
  }

  /** As its user does with the mouse. */
  async resize(columns: number, rows: number): Promise<void> {
    const [name = ""] = /^\/dev\/\S+$/m.exec(this.terminal.main.text) ?? [];
    this.terminal.resize(columns, rows);
    await promisify(execFile)("stty", ["-F", name, "cols", `${columns}`, "rows", `${rows}`]);
  }

  /** Resolves with what is on the terminal when all has ended. */
  async ended(): Promise<VirtualTerminal> {
    await this.running.ended();
    return this.terminal;
  }

  /** All that was ever written. */
  get written(): string {
    return this.running.stdout;
  }

  private until(isSo: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const { stdout } = this.running.child;
      const check = () => {
        if (!isSo()) return;
        stdout?.off("data", check);
        resolve();
      };
      stdout?.on("data", check);
      void this.running
        .ended()
        .then(() => reject(new Error(`ended without ${what}:\n${this.terminal.text}`)));
      check();
    });
  }
}
