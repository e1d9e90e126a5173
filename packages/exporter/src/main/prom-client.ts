/**
 * Loopscope's metrics in a registry that the application has already, of `prom-client` 15 or
 * `@prometheus-io/client` 0.16. Runs on the application's thread, and loads neither.
 *
 * @module @loopscope/exporter/prom-client
 */
import { inspect } from 'node:util';
import { type LoopscopeHandle, type MetricsSnapshot, start } from '@loopscope/sdk';
import { StallExemplars } from '../shared/stall-exemplars.ts';
import { BridgedMetric } from './bridged-metric.ts';
import { compatFamilies } from './compat-families.ts';
import { loopFamilies } from './loop-families.ts';
import { isRegistry, type MetricRegistry } from './registry.ts';

export type { MetricRegistry } from './registry.ts';

/** What `collectLoopMetrics` takes. */
export interface CollectLoopMetricsOptions {
  /**
   * Also fill the names of prom-client's own `collectDefaultMetrics` (`nodejs_eventloop_lag_seconds`,
   * `nodejs_active_handles`, `process_cpu_user_seconds_total`, ...), for dashboards and rules that ask for them.
   * False by default. Instead of `collectDefaultMetrics`: a name that is taken already is left as it is.
   */
  readonly compat?: boolean;
  /** Whose metrics to collect; by default the running agent's, which is started where none runs. */
  readonly handle?: LoopscopeHandle;
}

const optionNames: ReadonlySet<string> = new Set(['compat', 'handle']);

/**
 * Registers every metric of Loopscope with the registry, or with each of several, under the names of
 * `/metrics`. Values are asked of the agent when the registry is collected, once for all of them; where it does
 * not answer, the metrics have no series. In OpenMetrics the stall histogram has exemplars: the trace of a stall.
 * Names that are taken are left out, and a process warning with code `LOOPSCOPE_METRIC_TAKEN` names them.
 *
 * @returns Its undo: takes the metrics out again.
 * @throws TypeError naming the argument or option and the value received.
 */
export function collectLoopMetrics(
  register: MetricRegistry | readonly MetricRegistry[],
  options: CollectLoopMetricsOptions = {},
): () => void {
  const registries: readonly unknown[] = Array.isArray(register) ? register : [register];
  validate(registries, options);
  const handle = options.handle ?? start();
  const exemplars = new StallExemplars();
  const unfollow = exemplars.follow((listener) => handle.on('stall', listener));
  const collect = (): Promise<MetricsSnapshot | undefined> => handle.collect().catch(() => undefined);
  const families = [...loopFamilies(exemplars), ...(options.compat === true ? compatFamilies() : [])];
  const metrics = families.map((family) => new BridgedMetric(family, collect));
  const undo = (registries as readonly MetricRegistry[]).map((each) => fill(each, metrics));
  return () => {
    for (const each of undo) {
      each();
    }
    unfollow();
    if (options.handle === undefined) {
      void handle.stop();
    }
  };
}

function fill(registry: MetricRegistry, metrics: readonly BridgedMetric[]): () => void {
  const taken = metrics.filter(({ name }) => registry.getSingleMetric(name) !== undefined);
  const own = metrics.filter((metric) => !taken.includes(metric));
  for (const metric of own) {
    registry.registerMetric(metric as never);
  }
  if (taken.length > 0) {
    const names = taken.map(({ name }) => name).join(', ');
    process.emitWarning(`The registry has metrics of these names already, which stay as they are: ${names}`, {
      type: 'LoopscopeWarning',
      code: 'LOOPSCOPE_METRIC_TAKEN',
    });
  }
  return () => {
    for (const metric of own) {
      // The application may have cleared the registry and filled it anew.
      if (registry.getSingleMetric(metric.name) === metric) {
        registry.removeSingleMetric(metric.name);
      }
    }
  };
}

function validate(registries: readonly unknown[], options: unknown): void {
  for (const registry of registries) {
    if (!isRegistry(registry)) {
      throw invalid(
        'register',
        registry,
        'a Registry of prom-client or @prometheus-io/client, or an array of them',
      );
    }
  }
  if (typeof options !== 'object' || options === null) {
    throw invalid('options', options, 'an object');
  }
  const { compat, handle } = options as {
    readonly compat?: unknown;
    readonly handle?: Partial<LoopscopeHandle> | null;
  };
  for (const name of Object.keys(options)) {
    if (!optionNames.has(name)) {
      throw invalid(
        `options.${name}`,
        (options as Record<string, unknown>)[name],
        'one of compat, handle: there is no such option',
      );
    }
  }
  if (compat !== undefined && typeof compat !== 'boolean') {
    throw invalid('options.compat', compat, 'true or false');
  }
  if (handle !== undefined && typeof handle?.collect !== 'function') {
    throw invalid('options.handle', handle, 'what start() returned');
  }
}

function invalid(name: string, value: unknown, expected: string): TypeError {
  return Object.assign(
    new TypeError(
      `collectLoopMetrics: ${name} received ${inspect(value, { depth: 0 })}, expected ${expected}`,
    ),
    { code: 'LOOPSCOPE_INVALID_OPTION' },
  );
}
