// What overhead is measured of: Loopscope in its settings, and the tools that are used beside or instead of it.
import { freePort } from '../../test/harness/app.ts';
import { benchFile, loopscope, nothing, preload, type Variant } from '../harness/variant.ts';

async function peer(name: string, file: string): Promise<Variant> {
  return preload(name, benchFile(`peers/${file}`), {
    PEER_PORT: String(await freePort()),
    PEER_THRESHOLD_MS: '100',
  });
}

/** In the order of the tables; the baseline is there twice, and what the second differs by is noise. */
export async function overheadVariants(sdkFolder: string, collectorUrl: string): Promise<readonly Variant[]> {
  const ours = (name: string, env: Variant['env'] = {}): Variant => ({ ...loopscope(sdkFolder), name, env });
  return [
    nothing,
    { ...nothing, name: 'nothing, again' },
    ours('Loopscope'),
    ours('Loopscope, profile', { LOOPSCOPE_PROFILE: 'true' }),
    ours('Loopscope, tasks counted', { LOOPSCOPE_TASKS: 'counts' }),
    ours('Loopscope, pushing OTLP', {
      OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
      OTEL_METRIC_EXPORT_INTERVAL: '10000',
    }),
    await peer('prom-client', 'prom-client.mjs'),
    await peer('OpenTelemetry SDK, runtime-node', 'open-telemetry.mjs'),
    {
      name: 'dd-trace, runtime metrics, profiler',
      args: ['--require', benchFile('peers/node_modules/dd-trace/init.js')],
      env: {
        DD_TRACE_AGENT_URL: collectorUrl,
        DD_RUNTIME_METRICS_ENABLED: 'true',
        DD_PROFILING_ENABLED: 'true',
        DD_TRACE_STARTUP_LOGS: 'false',
      },
    },
    await peer('Sentry, block detection', 'sentry.mjs'),
    await peer('blocked-at', 'blocked-at.mjs'),
    await peer('a plain async_hooks counter', 'async-hooks.mjs'),
  ];
}
