// OpenTelemetry's declarative configuration file, read by OpenTelemetry's own parser and told as the variables
// that say the same, so that there is one way in which the push is configured. A bundle of its own, loaded only
// where `OTEL_CONFIG_FILE` is set: parser and schema are twice as large as the agent.
import { readFileSync } from 'node:fs';
import {
  type ConfigurationModel,
  type HttpTlsConfigModel,
  mergeHeadersConfig,
  mergeResourceAttributesConfig,
  type OtlpHttpExporterConfigModel,
  type OtlpHttpMetricExporterConfigModel,
  parseConfigFile,
} from '@opentelemetry/configuration';
import { parseDocument } from 'yaml';
import { logsSignal, metricsSignal, type Signal, tracesSignal } from '../otlp/signals.ts';

type Variables = Record<string, string>;

/** What is common to the exporters of all signals. */
type HttpExporter = Pick<
  Exclude<OtlpHttpExporterConfigModel & OtlpHttpMetricExporterConfigModel, null>,
  'endpoint' | 'encoding' | 'compression' | 'timeout' | 'headers' | 'headers_list' | 'tls'
>;

/** An exporter of any kind, as far as it matters here. */
interface Exporter {
  readonly otlp_http?: HttpExporter | null;
  readonly otlp_grpc?: unknown;
}

/**
 * The variables that say what the file says. Of several readers or processors of a signal, the first that exports
 * by OTLP counts.
 *
 * @throws Error where the file can't be read, is not YAML, or is not by the schema of version 1.
 */
export function readConfigurationFile(path: string): Readonly<Variables> {
  // The parser makes what it can of what is no YAML.
  const [fault] = parseDocument(readFileSync(path, 'utf8'), { version: '1.2' }).errors;
  if (fault !== undefined) {
    throw new Error(`${path}: ${fault.message}`);
  }
  const model = parseConfigFile(path);
  const periodic = (model.meter_provider?.readers ?? []).flatMap((reader) => reader.periodic ?? []);
  const reader = periodic.find(({ exporter }) => isOtlp(exporter));
  const processors = (
    provider: { processors: readonly { batch?: unknown; simple?: unknown }[] } | null | undefined,
  ): readonly Exporter[] =>
    (provider?.processors ?? []).flatMap(({ batch, simple }) => {
      const { exporter } = (batch ?? simple ?? {}) as { exporter?: Exporter };
      return exporter ?? [];
    });
  return {
    ...(model.disabled === true && { OTEL_SDK_DISABLED: 'true' }),
    ...resourceVariables(model),
    ...number('OTEL_METRIC_EXPORT_INTERVAL', reader?.interval),
    ...number('OTEL_METRIC_EXPORT_TIMEOUT', reader?.timeout),
    ...text(
      'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
      reader?.exporter.otlp_http?.temporality_preference?.replace('_', ''),
    ),
    ...exporterVariables(metricsSignal, reader?.exporter),
    ...exporterVariables(logsSignal, processors(model.logger_provider).find(isOtlp)),
    ...exporterVariables(tracesSignal, processors(model.tracer_provider).find(isOtlp)),
  };
}

function isOtlp(exporter: Exporter): boolean {
  return exporter.otlp_http !== undefined || exporter.otlp_grpc !== undefined;
}

function exporterVariables({ name, variables }: Signal, exporter: Exporter | undefined): Variables {
  const chosen = `OTEL_${name.toUpperCase()}_EXPORTER`;
  if (exporter === undefined) {
    return { [chosen]: 'none' };
  }
  if (exporter.otlp_http === undefined) {
    return { [chosen]: 'otlp', [variables.protocol]: 'grpc' };
  }
  // `otlp_http:` with nothing below it: all its defaults.
  const http: Partial<HttpExporter> = exporter.otlp_http ?? {};
  const tls: Exclude<HttpTlsConfigModel, null> = http.tls ?? {};
  return {
    [chosen]: 'otlp',
    [variables.endpoint]: http.endpoint ?? `http://localhost:4318/v1/${name}`,
    [variables.protocol]: http.encoding === 'json' ? 'http/json' : 'http/protobuf',
    ...text(variables.headers, pairs(mergeHeadersConfig(http.headers, http.headers_list) ?? {})),
    ...text(variables.compression, http.compression),
    ...number(variables.timeout, http.timeout),
    ...text(variables.certificate, tls.ca_file),
    ...text(variables.clientCertificate, tls.cert_file),
    ...text(variables.clientKey, tls.key_file),
  };
}

function resourceVariables({ resource }: ConfigurationModel): Variables {
  const attributes = mergeResourceAttributesConfig(resource?.attributes, resource?.attributes_list) ?? [];
  return text(
    'OTEL_RESOURCE_ATTRIBUTES',
    pairs(
      Object.fromEntries(
        attributes
          .filter(({ value }) => value !== null)
          .map(({ name, value }) => [name, Array.isArray(value) ? value.join(',') : String(value)]),
      ),
    ),
  );
}

/** As lists are written in variables: percent-encoded, separated by commas. */
function pairs(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join(',');
}

function text(name: string, value: string | null | undefined): Variables {
  return value === undefined || value === null || value === '' ? {} : { [name]: value };
}

// 0 is no limit in the file, and nothing in a variable: the default is then kept.
function number(name: string, value: number | null | undefined): Variables {
  return value === undefined || value === null || value === 0 ? {} : { [name]: String(value) };
}
