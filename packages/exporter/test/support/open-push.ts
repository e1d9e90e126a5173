import type { Outlet } from '@loopscope/sdk/telemetry';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { feedReaders } from '../../src/meter-provider.ts';
import { readOtlpConfiguration } from '../../src/otlp/configuration.ts';
import { openOtlpPush } from '../../src/otlp/otlp-outlet.ts';
import { PushReader } from '../../src/otlp/push-reader.ts';
import { createNameLookup } from '../../src/resolver/name-lookup.ts';
import type { Collector, Reaction } from './collector.ts';
import { RecordingContext } from './recording-context.ts';

// So long that no tick comes by itself: those tests export by flush.
const hour = '3600000';

export interface OpenPush {
  readonly outlet: Outlet;
  readonly context: RecordingContext;
  readonly errors: readonly unknown[];
}

/** A push of one gauge to the collector, with the default configuration but for the variables. */
export function openPush(
  collector: Collector,
  environment: Readonly<Record<string, string>> = {},
  nameLookup = createNameLookup(),
): OpenPush {
  const context = new RecordingContext();
  context.source.set('process.uptime', 1);
  const errors: unknown[] = [];
  const configuration = readOtlpConfiguration({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_METRIC_EXPORT_INTERVAL: hour,
      ...environment,
    },
    say: context.say,
  });
  if (configuration === undefined) {
    throw new Error('the push is off');
  }
  const reader = new PushReader(configuration.temporality);
  feedReaders(
    [reader],
    resourceFromAttributes({ 'service.name': 'shop', 'process.pid': 7 }),
    context.source,
    '1.2.3',
  );
  const outlet = openOtlpPush({
    context,
    configuration,
    reader,
    onError: (error) => errors.push(error),
    nameLookup,
  });
  return { outlet, context, errors };
}

export function answer(status: number, body = '', headers: Readonly<Record<string, string>> = {}): Reaction {
  return (response) => response.writeHead(status, headers).end(body);
}
