/**
 * A worker's line to the main thread: one attempt to connect, and the port once it succeeded.
 * It does not keep the worker alive unless told so.
 */

import { MessageChannel, type MessagePort, postMessageToThread } from "node:worker_threads";
import { BackendUnavailableError, ProtocolError, type SemaphoreError } from "../../errors.js";
import { type Hello, hello, PROTOCOL, type ToMainThread, type ToWorker } from "./protocol.js";
import type { TimeReference } from "./remote-clock.js";

/** How long the main thread may be too busy to take a hello. */
const DELIVERY_MS = 10_000;
/** Who knows slotstream answers while the hello is delivered; a foreign listener never does. */
const WELCOME_MS = 2_000;

/** Brings a hello to the main thread; rejects if it cannot be delivered. */
export type Greet = (hello: Hello, port: MessagePort) => Promise<void>;

export const greetMainThread: Greet = (hello, port) =>
  postMessageToThread(0, hello, [port], DELIVERY_MS);

/** Who uses the line. */
export interface LineUser {
  /** From now on it may send. */
  connected(reference: TimeReference): void;
  receive(message: ToWorker): void;
  /** The line is of no use any more. */
  broken(reason: SemaphoreError): void;
}

export class Line {
  private state: "connecting" | "open" | "closed" = "connecting";
  private readonly port: MessagePort;
  private keepsAlive = true;
  private patience: NodeJS.Timeout | undefined = undefined;

  constructor(
    greet: Greet,
    private readonly user: LineUser,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.port.on("message", (message: ToWorker) => this.receive(message));
    this.port.on("close", () => this.close(unavailable()));
    greet(hello(port2), port2).then(
      () => this.awaitWelcome(),
      (cause) => this.close(unavailable(cause)),
    );
  }

  get isOpen(): boolean {
    return this.state === "open";
  }

  send(message: ToMainThread): void {
    this.port.postMessage(message);
  }

  keepAlive(wanted: boolean): void {
    if (wanted === this.keepsAlive) return;
    this.keepsAlive = wanted;
    if (wanted) this.port.ref();
    else this.port.unref();
  }

  private receive(message: ToWorker): void {
    // A closed port still delivers what it had received.
    if (this.state === "closed") return;
    switch (message.type) {
      case "welcome":
        this.state = "open";
        clearTimeout(this.patience);
        this.user.connected(message);
        return;
      case "mismatch":
        this.close(mismatch(message.protocol));
        return;
      default:
        this.user.receive(message);
    }
  }

  /** When this thread was blocked meanwhile, the timer rings before the welcome is read; so it gets another turn. */
  private awaitWelcome(): void {
    if (this.state !== "connecting") return;
    this.patience = setTimeout(() => {
      setImmediate(() => {
        if (this.state === "connecting") this.close(unavailable());
      });
    }, WELCOME_MS);
  }

  private close(reason: SemaphoreError): void {
    if (this.state === "closed") return;
    this.state = "closed";
    clearTimeout(this.patience);
    this.port.close();
    this.user.broken(reason);
  }
}

const REMEDY =
  "or give this thread semaphores of its own, as test runners with thread pools need it: " +
  'new MemorySemaphore({ …, coordinator: new MemoryCoordinator({ threads: "isolated" }) }).';

function unavailable(cause?: unknown): BackendUnavailableError {
  return new BackendUnavailableError(
    "in a worker thread, a MemorySemaphore shares the slots of its process, which the main thread keeps; " +
      "but the main thread does not answer. It has not loaded slotstream, or it is blocked. " +
      `Add import "slotstream" to what the main thread runs before it starts the worker, ${REMEDY}`,
    { cause },
  );
}

function mismatch(protocol: number): ProtocolError {
  return new ProtocolError(
    `the main thread has loaded another version of slotstream: it speaks thread protocol ${protocol}, ` +
      `this worker thread ${PROTOCOL}. Install one version for both, ${REMEDY}`,
  );
}
