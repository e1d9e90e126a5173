// The face that the sdk shows to its ways out: `@loopscope/sdk/telemetry`.

export type { ExporterName, ResolvedOptions } from '../shared/options.ts';
export type * from '../shared/stall.ts';
export { catalogue, type MetricName } from './catalogue.ts';
export { type MetricDefinition, prometheusName } from './metric-definition.ts';
export type { Outlet, OutletContext, OutletFactory } from './outlet.ts';
export type {
  Attributes,
  Health,
  HistogramObservation,
  Observation,
  OutletMishap,
  TelemetrySource,
} from './telemetry-source.ts';
