// The ways out of one agent, composed: those that the options ask for, and the one MeterProvider that
// they share. To the agent they are one outlet. Every failure in here stays in here.

import type { Outlet, OutletContext, OutletFactory } from '@loopscope/sdk/telemetry';
import type { Resource } from '@opentelemetry/resources';
import { AggregationTemporality, InstrumentType, type MetricReader } from '@opentelemetry/sdk-metrics';
import { alertsName, openAlerts } from './alerts/alert-outlet.ts';
import { endpointName, openEndpoint } from './endpoint/endpoint-outlet.ts';
import type { Environment } from './environment.ts';
import { createProducer, feedReaders } from './meter-provider.ts';
import { readOtlpConfiguration } from './otlp/configuration.ts';
import { openOtlpPush } from './otlp/otlp-outlet.ts';
import { PushReader, temporalityOf } from './otlp/push-reader.ts';
import { otlpName } from './otlp/signal-exporter.ts';
import { openStallPush } from './otlp/stall-push.ts';
import { PrometheusReader } from './prometheus/prometheus-reader.ts';
import { createResource } from './resource.ts';

/** What the agent is to be given. */
export const outletFactories: readonly OutletFactory[] = [(context) => openOutlets(context)];

/** An outlet, with the reader that it takes its metrics from if that is where it takes them. */
interface Opened {
  readonly outlet: Outlet;
  readonly reader?: MetricReader;
}

/**
 * Opens the ways out that the options ask for; undefined where there is none. Never throws: what can't
 * work is said and left out.
 */
export function openOutlets(
  context: OutletContext,
  environment: Environment = process.env,
): Outlet | undefined {
  const { exporters } = context.options;
  // One for all: it has an id of its own making.
  let made: Resource | undefined;
  const resource = (): Resource => (made ??= createResource(environment, context.say));
  const opened = [
    exporters.includes('prometheus')
      ? contained(context, endpointName, (onError) => openPrometheus(context, onError))
      : undefined,
    exporters.includes('otlp')
      ? contained(context, otlpName, (onError) => openOtlp(context, environment, onError))
      : undefined,
    exporters.includes('otlp')
      ? contained(context, otlpName, (onError) => openStalls(context, environment, resource(), onError))
      : undefined,
    context.options.alerts === undefined
      ? undefined
      : contained(context, alertsName, (onError) => openAlertsOutlet(context, environment, onError)),
  ].filter((each) => each !== undefined);
  if (opened.length === 0) {
    return undefined;
  }
  const release = contained(context, 'metrics', () => {
    const readers = opened.flatMap(({ reader }) => reader ?? []);
    if (readers.length === 0) {
      return undefined;
    }
    return feedReaders(readers, resource(), context.source, context.sdkVersion);
  });
  const outlets = opened.map(({ outlet }) => outlet);
  return {
    name: outlets.map(({ name }) => name).join('+'),
    flush: async () => {
      await Promise.allSettled(outlets.map((outlet) => outlet.flush()));
    },
    stop: async () => {
      await Promise.allSettled(outlets.map((outlet) => outlet.stop()));
      release?.();
    },
  };
}

function openPrometheus(context: OutletContext, onError: (error: unknown) => void): Opened | undefined {
  const { source, sdkVersion } = context;
  const producer = createProducer(source, sdkVersion, AggregationTemporality.CUMULATIVE);
  const reader = new PrometheusReader(onError, [producer]);
  const outlet = openEndpoint({ context, onError, scrape: () => reader.scrape() });
  return outlet && { outlet, reader };
}

function openOtlp(
  context: OutletContext,
  environment: Environment,
  onError: (error: unknown) => void,
): Opened | undefined {
  const configuration = readOtlpConfiguration({ environment, say: context.say });
  if (configuration === undefined) {
    return undefined;
  }
  const temporality = temporalityOf(configuration.temporality, InstrumentType.HISTOGRAM);
  const producer = createProducer(context.source, context.sdkVersion, temporality);
  const reader = new PushReader(configuration.temporality, [producer]);
  return { outlet: openOtlpPush({ context, configuration, reader, onError }), reader };
}

function openStalls(
  context: OutletContext,
  environment: Environment,
  resource: Resource,
  onError: (error: unknown) => void,
): Opened | undefined {
  const outlet = openStallPush({ context, environment, resource, onError });
  return outlet && { outlet };
}

function openAlertsOutlet(
  context: OutletContext,
  environment: Environment,
  onError: (error: unknown) => void,
): Opened | undefined {
  const outlet = openAlerts({ context, environment, onError });
  return outlet && { outlet };
}

/** Runs a step of the opening with a sink for its later failures; its own failure is said here. */
function contained<Result>(
  context: OutletContext,
  exporter: string,
  open: (onError: (error: unknown) => void) => Result,
): Result | undefined {
  const onError = (error: unknown): void => {
    context.source.mishap({ kind: 'export_failed', exporter });
    context.debug(`${exporter}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };
  try {
    return open(onError);
  } catch (error) {
    onError(error);
    context.say(
      `${exporter} could not be started: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
