import { createTransport, type Reply, type Transport } from '../../src/http/transport.ts';
import { destinationOf, readOtlpConfiguration } from '../../src/otlp/configuration.ts';
import { createNameLookup } from '../../src/resolver/name-lookup.ts';
import { Collector } from './collector.ts';

const cleanUps: (() => unknown)[] = [];

/** Has something undone by the next `closeAll`. */
export function onClose(cleanUp: () => unknown): void {
  cleanUps.push(cleanUp);
}

/** For a file's `afterEach`: undoes all that was opened, the latest first. */
export async function closeAll(): Promise<void> {
  for (const cleanUp of cleanUps.splice(0).reverse()) {
    await cleanUp();
  }
}

export async function openCollector(...tls: Parameters<typeof Collector.open>): Promise<Collector> {
  const collector = await Collector.open(...tls);
  onClose(collector.close);
  return collector;
}

export function transportTo(
  url: string,
  environment: Readonly<Record<string, string>> = {},
  names = createNameLookup(),
): Transport {
  const configuration = readOtlpConfiguration({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: url, ...environment },
    say: (line) => {
      throw new Error(line);
    },
  });
  if (configuration === undefined) {
    throw new Error('the push is off');
  }
  const transport = createTransport(destinationOf(configuration), '1.2.3', names.lookup);
  onClose(() => transport.close());
  return transport;
}

export function send(
  transport: Transport,
  body: Buffer = Buffer.alloc(0),
  timeoutMs = 5000,
  signal: AbortSignal = new AbortController().signal,
): Promise<Reply> {
  return transport.send(body, timeoutMs, signal);
}
