/** `--metrics-port`: tells Prometheus how this process and its fleet are. Of `slotstream reconciler`. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { type Logger, RedisCoordinator } from "../index.js";
import type { Health } from "../metrics/endpoint.js";
import { Complaint } from "./complaint.js";
import { WRONG_USAGE } from "./exit-status.js";
import { isWhole, type RedisFlags } from "./flags.js";
import { withConfig } from "./fleet.js";
import { say } from "./output.js";

export interface MetricsFlags extends RedisFlags {
  readonly metricsPort?: number;
  readonly metricsHost?: string;
}

const LOOPBACK = "127.0.0.1";
const HIGHEST_PORT = 65_535;
/** Shorter than whoever scrapes waits: ten seconds by default. */
const RESPONSE_MS = 2_000;

export function addMetricsFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--metrics-port <port>",
        "tell Prometheus on this port, under /metrics and /healthz; 0: on any",
      ).argParser(parsePort),
    )
    .addOption(
      new Option(
        "--metrics-host <address>",
        "where to listen for that (default: 127.0.0.1, for this machine only)",
      ),
    );
}

/** Listens, if the flags say so, and tells where. Resolves with what ends it; rejects with a `Complaint`. */
export async function openMetrics(
  flags: MetricsFlags,
  health: () => Health,
): Promise<() => Promise<void>> {
  const { metricsPort: port, metricsHost: host = LOOPBACK } = flags;
  if (port === undefined) {
    if (flags.metricsHost === undefined) return async () => {};
    throw new Complaint(WRONG_USAGE, "--metrics-host says where. Say --metrics-port as well.");
  }
  // Only who wants them pays for loading them.
  const { PrometheusMetrics } = await import("../metrics/prometheus.js");
  const { servePrometheus } = await import("../metrics/endpoint.js");
  const own = { reconciler: "external", logger: SILENT, responseTimeoutMs: RESPONSE_MS } as const;
  const fleet = withConfig(flags, (config) => new RedisCoordinator({ ...config, ...own }));
  const metrics = new PrometheusMetrics(fleet);
  const close = async () => {
    metrics[Symbol.dispose]();
    await fleet.close();
  };
  try {
    const endpoint = await servePrometheus({ metrics, health }, { port, host });
    say(`metrics are at ${endpoint.url}/metrics`);
    return async () => {
      await Promise.all([endpoint.close(), close()]);
    };
  } catch (error) {
    await close();
    throw cannotListen(port, host, error);
  }
}

/** @throws InvalidArgumentError */
function parsePort(text: string): number {
  if (isWhole(text) && Number(text) <= HIGHEST_PORT) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${HIGHEST_PORT}.`);
}

function cannotListen(port: number, host: string, error: unknown): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  const remedy = "Choose others with --metrics-port and --metrics-host.";
  const message = `cannot listen on port ${port} of ${host}: ${error.code}. ${remedy}`;
  return new Complaint(WRONG_USAGE, message, { cause: error });
}

/** The reconciler beside it tells the same. */
const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };
