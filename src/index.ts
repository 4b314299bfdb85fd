/** The public names of slotstream, nothing else. */

// Where it is loaded, worker threads find it, even if nothing else of it is used.
import "./memory/process-log.js";

export { describeEvent } from "./core/describe.js";
export {
  type MachineDefinition,
  machineToJSON,
  machineToMermaid,
  type StateDefinition,
  type TransitionDefinition,
} from "./core/diagram.js";
export type {
  AbandonedEvent,
  AcquisitionEvent,
  DeclaredEvent,
  Event,
  ExpiredEvent,
  GrantedEvent,
  HeartbeatEvent,
  IgnoredEvent,
  LeftEvent,
  QueuedEvent,
  RebasedEvent,
  RefusedEvent,
  ReleasedEvent,
  ResizedEvent,
  RestartedEvent,
  ResumedEvent,
  RevokedEvent,
  SweptEvent,
  TickedEvent,
} from "./core/event.js";
export { type AcquisitionState, acquisitionMachine } from "./core/machine.js";
export type { Holder, SemaphoreStats, Waiter } from "./core/views.js";
export {
  AcquireCancelledError,
  AcquireTimeoutError,
  AcquisitionLostError,
  BackendUnavailableError,
  ClosedError,
  HistoryError,
  type HistoryPlace,
  InvalidOptionError,
  type LossReason,
  ProtocolError,
  QueueFullError,
  SemaphoreError,
  type SemaphoreErrorCode,
  ValueMismatchError,
} from "./errors.js";
export { against, type Comparison } from "./history/against.js";
export type { Difference } from "./history/decisions.js";
export { describeExplanation } from "./history/describe-explanation.js";
export type { Entries, StoredEntry } from "./history/entry.js";
export { type ExplainOptions, explain } from "./history/explain.js";
export type {
  Cause,
  EarlierWaiter,
  EndedExplanation,
  Explanation,
  HoldingExplanation,
  NextStep,
  PastHolder,
  SlotHolder,
  UnknownExplanation,
  WaitingExplanation,
} from "./history/explanation.js";
export {
  type AcquisitionMachineSnapshot,
  type LifeStep,
  replayAcquisition,
} from "./history/life.js";
export type { HistoryHeader } from "./history/line.js";
export { type ReadHistory, readHistory, writeHistory } from "./history/lines.js";
export type { Moment } from "./history/moment.js";
export type { Problem, ProblemKind } from "./history/problem.js";
export { type Replayed, type ReplayedSemaphore, replay } from "./history/replay.js";
export { type Verification, type VerifyOptions, verify } from "./history/verify.js";
export type { HistoryHead } from "./ports.js";
export { type AcquiredStatsQuery, Coordinator } from "./semaphore/coordinator.js";
export type {
  HistoryQuery,
  SemaphoreHistoryQuery,
  SemaphoreWatchQuery,
  WatchQuery,
} from "./semaphore/history-query.js";
export { type Imported, type ImportOptions, importHistory } from "./semaphore/import-history.js";
export type { ResizeOptions, RevokeOptions } from "./semaphore/interventions.js";
export {
  MemoryCoordinator,
  type MemoryCoordinatorOptions,
} from "./semaphore/memory-coordinator.js";
export { MemorySemaphore, type MemorySemaphoreOptions } from "./semaphore/memory-semaphore.js";
export type { AcquireDefaults, AcquireOptions, SemaphoreOptions } from "./semaphore/options.js";
export type { RedisConfig, RedisOption } from "./semaphore/redis-config.js";
export { RedisCoordinator } from "./semaphore/redis-coordinator.js";
export { type ReconcilerHealth, RedisReconciler } from "./semaphore/redis-reconciler.js";
export { RedisSemaphore, type RedisSemaphoreOptions } from "./semaphore/redis-semaphore.js";
export type { HistoryRetention } from "./semaphore/retention.js";
export type { Semaphore } from "./semaphore/semaphore.js";
export type { Acquisition } from "./session/acquisition.js";
export type { Inspect } from "./session/inspection.js";
export type { Logger } from "./session/logger.js";
export type {
  AbandonReason,
  AcquisitionAsked,
  AcquisitionEnded,
  AcquisitionGranted,
  Ending,
  ReconcilerCommitted,
  ReconcilerTermBegun,
  ReconcilerTermEnded,
  SessionBlocked,
  SessionFailover,
  TelemetryMessages,
  TelemetryMode,
} from "./telemetry.js";
