// The face that the sdk shows to its ways out: `@loopscope/sdk/telemetry`.

export type { Alert, AlertSeverity, AlertStall } from '../shared/alert.ts';
export {
  type AlertCondition,
  type AlertOperator,
  type AlertReceiver,
  type ConditionProblem,
  findConditionProblems,
  type MetricCondition,
  metricShapes,
  nameOf,
  type StallCondition,
  type StallField,
} from '../shared/alert-condition.ts';
export type { Leak } from '../shared/leak.ts';
export type * from '../shared/metrics-snapshot.ts';
export type { AlertsToRead, ExporterName, ResolvedOptions } from '../shared/options.ts';
export type * from '../shared/stall.ts';
export { censusSeconds, changeFault, type TaskChange } from '../shared/tasks.ts';
export type * from '../shared/tasks-report.ts';
export { sdkVersion } from '../shared/version.ts';
export type { AlertSink, NotificationOutcome } from './alert-sink.ts';
export { catalogue, type MetricName } from './catalogue.ts';
export { type MetricDefinition, prometheusName } from './metric-definition.ts';
export type { Outlet, OutletContext, OutletFactory } from './outlet.ts';
export type {
  Attributes,
  Health,
  HistogramObservation,
  Observation,
  OutletMishap,
  TasksReport,
  TelemetrySource,
} from './telemetry-source.ts';
