/** `/metrics` and `/healthz` for Prometheus, where the inspector shows a coordinator and shall serve them, too. */

import type { Coordinator } from "../index.js";
import type { Handler } from "../metrics/endpoint.js";

export interface Figures extends Disposable {
  readonly handle: Handler;
}

/** Measures from now on. Loaded only where it is wanted: whoever just looks needs no Prometheus. */
export async function figuresOf(coordinator: Coordinator): Promise<Figures> {
  const [{ PrometheusMetrics }, { handlerOf }] = await Promise.all([
    import("../metrics/prometheus.js"),
    import("../metrics/endpoint.js"),
  ]);
  const metrics = new PrometheusMetrics(coordinator);
  const health = async () => ({ isWell: await isReached(coordinator), role: "looking" });
  return {
    handle: handlerOf({ metrics, health }),
    [Symbol.dispose]: () => metrics[Symbol.dispose](),
  };
}

async function isReached(coordinator: Coordinator): Promise<boolean> {
  try {
    await coordinator.stats({ names: [] });
    return true;
  } catch {
    return false;
  }
}
