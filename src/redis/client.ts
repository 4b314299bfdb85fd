/**
 * What is needed of an ioredis instance, 5 or 6, and the options that are forced upon ours: each
 * instance is one life of a connection. It does not reconnect, queue or send again by itself.
 */

/** An ioredis instance, version 5 or 6, as far as slotstream uses it. */
export interface RedisClient {
  readonly options: object;
  readonly status: string;
  duplicate(override: object): RedisClient;
  connect(): Promise<unknown>;
  disconnect(): void;
  call(command: string, args: (string | number)[]): Promise<unknown>;
  on(event: string, listener: (...args: never[]) => void): unknown;
}

const METHODS = ["duplicate", "connect", "disconnect", "call", "on"] as const;

/** Whether it has what is used of an instance. */
export function isClient(value: object): value is RedisClient {
  const [options, status]: unknown[] = [
    Reflect.get(value, "options"),
    Reflect.get(value, "status"),
  ];
  const hasMethods = METHODS.every((name) => typeof Reflect.get(value, name) === "function");
  return (
    hasMethods && typeof options === "object" && options !== null && typeof status === "string"
  );
}

/** The socket of a client, there once it connects. */
export interface ClientSocket {
  ref(): unknown;
  unref(): unknown;
  destroy(): unknown;
}

const CONNECT_MS = 5_000;
/** How long a socket may be idle before the system asks whether the other side is there. */
const KEEP_ALIVE_MS = 10_000;

/** @param role is shown in `CLIENT LIST`. */
export function forcedOptions(role: string): object {
  return {
    connectionName: `slotstream:${role}`,
    lazyConnect: true,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    reconnectOnError: null,
    maxRetriesPerRequest: null,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    enableReadyCheck: false,
    enableAutoPipelining: false,
    commandTimeout: undefined,
    socketTimeout: undefined,
    blockingTimeout: undefined,
    connectTimeout: CONNECT_MS,
    keepAlive: KEEP_ALIVE_MS,
    disableClientInfo: true,
    stringNumbers: false,
    readOnly: false,
    monitor: false,
    // What ioredis 6 would do otherwise; 5 knows nothing else.
    protocol: 2,
    replyMapping: "legacy",
  };
}

export function socketOf(client: RedisClient): ClientSocket | undefined {
  const socket: unknown = Reflect.get(client, "stream");
  return isSocket(socket) ? socket : undefined;
}

function isSocket(value: unknown): value is ClientSocket {
  return typeof value === "object" && value !== null && "unref" in value && "destroy" in value;
}
