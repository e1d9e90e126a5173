// Ways out of Loopscope: for the agent thread's composition, and for an application's own OpenTelemetry.

export type { ReadConfigurationFile } from './declarative/environment-of-file.ts';
export type { Environment } from './environment.ts';
export { bindInstruments } from './instruments.ts';
export { createOutletFactories, openOutlets } from './outlets.ts';
