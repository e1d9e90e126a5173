// Ways out of Loopscope: for the agent thread's composition, and for an application's own OpenTelemetry.
export type { Environment } from './environment.ts';
export { bindInstruments } from './instruments.ts';
export { openOutlets, outletFactories } from './outlets.ts';
