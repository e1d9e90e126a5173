import { type Environment, readText, type Say, shown } from '../environment.ts';
import { type Signal, variablesOf } from './signals.ts';

const defaultEndpoint = 'http://localhost:4318';

/**
 * The URL that a signal is posted to. The signal's own variable is taken as it is; to
 * `OTEL_EXPORTER_OTLP_ENDPOINT` a path such as `v1/metrics` is added.
 */
export function readEndpoint(signal: Signal, environment: Environment, say: Say): URL {
  const [own, forAll] = variablesOf(signal, 'endpoint');
  return (
    readUrl(environment, own, say) ??
    withPathOf(signal, readUrl(environment, forAll, say) ?? new URL(defaultEndpoint))
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

function withPathOf({ name }: Signal, base: URL): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${name}`;
  return url;
}

// User and password, and the query, in which some vendors carry a key.
function withoutSecrets(text: string): string {
  return text.replace(/^([a-z+.-]*:?\/{0,2})[^/]*@/i, '$1').replace(/\?.*/s, '');
}
