// The ways out of one agent, composed: those that the options ask for, the one that the application itself
// collects from, and the one MeterProvider that they share. To the agent they are one outlet. Every failure in here stays in here.

import type {
  CollectionForm,
  Collections,
  Outlet,
  OutletContext,
  OutletFactory,
} from '@loopscope/sdk/telemetry';
import type { Resource } from '@opentelemetry/resources';
import { AggregationTemporality, InstrumentType, type MetricReader } from '@opentelemetry/sdk-metrics';
import { alertsName, openAlerts } from './alerts/alert-outlet.ts';
import { environmentOfFile, type ReadConfigurationFile } from './declarative/environment-of-file.ts';
import { endpointName, openEndpoint } from './endpoint/endpoint-outlet.ts';
import { type Environment, readText } from './environment.ts';
import { createProducer, feedReaders } from './meter-provider.ts';
import { readOtlpConfiguration } from './otlp/configuration.ts';
import { openOtlpPush } from './otlp/otlp-outlet.ts';
import { PushReader, temporalityOf } from './otlp/push-reader.ts';
import { otlpName } from './otlp/signal-exporter.ts';
import { openStallPush } from './otlp/stall-push.ts';
import { PrometheusReader } from './prometheus/prometheus-reader.ts';
import { createResource } from './resource.ts';

/** What the agent is to be given; `readConfigurationFile` reads what `OTEL_CONFIG_FILE` names. */
export function createOutletFactories(
  readConfigurationFile: ReadConfigurationFile,
): readonly OutletFactory[] {
  return [
    (context) => openOutlets(context, environmentOfFile(process.env, readConfigurationFile, context.say)),
  ];
}

/** An outlet, and the reader that it takes its metrics from if that is where it takes them. */
interface Opened {
  readonly outlet?: Outlet;
  readonly reader?: MetricReader;
}

/**
 * Opens the ways out that the options ask for. Never throws: what can't work is said and left out.
 */
export function openOutlets(context: OutletContext, environment: Environment): Outlet {
  const { exporters } = context.options;
  // One for all: it has an id of its own making.
  let made: Resource | undefined;
  const resource = (): Resource => (made ??= createResource(environment, context.say));
  const reader = contained(context, endpointName, (onError) => createReader(context, onError));
  const opened = [
    reader && { reader },
    exporters.includes('prometheus') && reader
      ? contained(context, endpointName, (onError) => openPrometheus(context, reader, onError))
      : undefined,
    exporters.includes('otlp') && !filesMetricsElsewhere(environment)
      ? contained(context, otlpName, (onError) => openOtlp(context, environment, onError))
      : undefined,
    exporters.includes('otlp')
      ? contained(context, otlpName, (onError) => openStalls(context, environment, resource(), onError))
      : undefined,
    context.options.alerts === undefined
      ? undefined
      : contained(context, alertsName, (onError) => openAlertsOutlet(context, environment, onError)),
  ].filter((each) => each !== undefined);
  const release = contained(context, 'metrics', () => {
    const readers = opened.flatMap(({ reader }) => reader ?? []);
    return feedReaders(readers, resource(), context.source, context.sdkVersion);
  });
  const outlets = opened.map(({ outlet }) => outlet).filter((outlet) => outlet !== undefined);
  const collect: Outlet['collect'] = async (form) => await collectFrom(reader, form);
  return {
    name: outlets.map(({ name }) => name).join('+'),
    flush: async () => {
      await Promise.allSettled(outlets.map((outlet) => outlet.flush()));
    },
    stop: async () => {
      await Promise.allSettled(outlets.map((outlet) => outlet.stop()));
      release?.();
      reader?.release();
    },
    collect,
  };
}

// The options can't look into a file: where there is one, they leave it to it whether metrics are pushed.
function filesMetricsElsewhere(environment: Environment): boolean {
  return (
    readText(environment, 'OTEL_CONFIG_FILE') !== undefined &&
    readText(environment, 'OTEL_METRICS_EXPORTER') === 'none'
  );
}

async function collectFrom<Form extends CollectionForm>(
  reader: PrometheusReader | undefined,
  form: Form,
): Promise<Collections[Form]> {
  if (reader === undefined) {
    throw new Error('the metrics could not be started');
  }
  const collected: CollectionsToCome = {
    snapshot: () => reader.snapshot(),
    text: async () => (await reader.scrape('prometheus')).toString(),
  };
  return await collected[form]();
}

type CollectionsToCome = { readonly [Form in CollectionForm]: () => Promise<Collections[Form]> };

function openPrometheus(
  context: OutletContext,
  reader: PrometheusReader,
  onError: (error: unknown) => void,
): Opened | undefined {
  const outlet = openEndpoint({ context, onError, scrape: (format) => reader.scrape(format) });
  return outlet && { outlet };
}

// Whether there is an endpoint or not: the application may collect too, and what was recorded before is in it.
function createReader(
  { source, sdkVersion }: OutletContext,
  onError: (error: unknown) => void,
): PrometheusReader {
  const producer = createProducer(source, sdkVersion, AggregationTemporality.CUMULATIVE);
  return new PrometheusReader({ onError, onStall: (listener) => source.onStall(listener) }, [producer]);
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
