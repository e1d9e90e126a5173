// What a process is started with: nothing, a floor to compare with, or Loopscope.
import { fileURLToPath } from 'node:url';

/** Something preloaded, with the environment that goes with it. */
export interface Variant {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Absolute path of a file of bench/variants or bench/programs. */
export function benchFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** A file that is imported before the application. */
export function preload(name: string, file: string, env: Variant['env'] = {}): Variant {
  return { name, args: ['--import', file], env };
}

export const nothing: Variant = { name: 'nothing', args: [], env: {} };

/** The histogram and an empty worker: what no agent of this kind can do without. */
export const floor: Variant = preload('floor', benchFile('variants/floor.mjs'));

/** A bare `monitorEventLoopDelay` at 10 ms, as many services run it. */
export const bareMonitor: Variant = preload('bare monitor', benchFile('variants/bare-monitor.mjs'));

export function loopscope(sdkFolder: string): Variant {
  return preload('loopscope', `${sdkFolder}/dist/register.js`);
}

/** With both ways out, pushing each second. */
export function loopscopeWithOtlp(sdkFolder: string, collectorUrl: string): Variant {
  return preload('loopscope, prometheus + otlp', `${sdkFolder}/dist/register.js`, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
  });
}

/** The surroundings of every process under measurement: nothing of the shell's own settings. */
export function environmentOf({ env }: Variant): Record<string, string> {
  const { PATH = '', HOME = '/' } = process.env;
  return { PATH, HOME, LANG: 'C.UTF-8', LOOPSCOPE_PORT: '0', ...env };
}
