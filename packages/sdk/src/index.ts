/**
 * Starts Loopscope in code, and tells what it has found.
 *
 * @module @loopscope/sdk
 */
export type { HandleState, LoopscopeHandle } from './main/handle.ts';
export { start } from './main/start.ts';
export type { Alert, AlertSeverity, AlertStall } from './shared/alert.ts';
export type {
  AlertCondition,
  AlertOperator,
  AlertReceiver,
  MetricCondition,
  StallCondition,
  StallField,
} from './shared/alert-condition.ts';
export type {
  HistogramMetric,
  HistogramPoint,
  MetricsSnapshot,
  SnapshotMetric,
  ValueMetric,
  ValuePoint,
} from './shared/metrics-snapshot.ts';
export type { ExporterName, LoopscopeOptions } from './shared/options.ts';
export type { OverloadReason } from './shared/overload.ts';
export type {
  Capture,
  Cause,
  Culprit,
  Frame,
  Phase,
  Stall,
  StallEvent,
  StallEvidence,
  StalledRequest,
  StalledSpan,
  StallVictims,
  ThreadIdentity,
} from './shared/stall.ts';
export type { LastingTaskLevel, TaskChange, TaskLevel } from './shared/tasks.ts';
