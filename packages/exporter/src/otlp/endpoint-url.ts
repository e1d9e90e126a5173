import { type Environment, readText, type Say, shown } from '../environment.ts';

const defaultEndpoint = 'http://localhost:4318';

/**
 * The URL that metrics are posted to. `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT` is taken as it is; to
 * `OTEL_EXPORTER_OTLP_ENDPOINT` the path `v1/metrics` is added.
 */
export function readEndpoint(environment: Environment, say: Say): URL {
  return (
    readUrl(environment, 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', say) ??
    withMetricsPath(readUrl(environment, 'OTEL_EXPORTER_OTLP_ENDPOINT', say) ?? new URL(defaultEndpoint))
  );
}

function readUrl(environment: Environment, name: string, say: Say): URL | undefined {
  const text = readText(environment, name);
  if (text === undefined) {
    return undefined;
  }
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    say(`${name}=${shown(withoutSecrets(text))} is ignored: expected a URL such as ${defaultEndpoint}`);
    return undefined;
  }
  return url;
}

function withMetricsPath(base: URL): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/metrics`;
  return url;
}

// User and password, and the query, in which some vendors carry a key.
function withoutSecrets(text: string): string {
  return text.replace(/^([a-z+.-]*:?\/{0,2})[^/]*@/i, '$1').replace(/\?.*/s, '');
}
