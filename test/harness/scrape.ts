// Reads Prometheus text, strictly: a line that it can't read fails the test.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y;

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  label.lastIndex = 0;
  while (label.lastIndex < text.length) {
    const [, name = '', value = ''] = label.exec(text) ?? [];
    if (name === '') {
      throw new Error(`labels that can't be read: ${text}`);
    }
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}

function parseValue(text: string): number {
  const value = text.endsWith('Inf') ? Number(text.replace('Inf', 'Infinity')) : Number(text);
  if (Number.isNaN(value) && text !== 'NaN') {
    throw new Error(`a value that can't be read: ${text}`);
  }
  return value;
}

/** All samples of an exposition. */
export function parseSamples(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = sampleLine.exec(line) ?? [];
      if (name === '') {
        throw new Error(`a line that can't be read: ${line}`);
      }
      return { name, labels: parseLabels(labels), value: parseValue(value) };
    });
}

export class Metrics {
  readonly samples: readonly Sample[];

  constructor(text: string) {
    this.samples = parseSamples(text);
  }

  /** The sum of a metric's samples with these labels; undefined when there is none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const wanted = Object.entries(labels);
    const found = this.samples.filter(
      (sample) => sample.name === name && wanted.every(([key, value]) => sample.labels[key] === value),
    );
    return found.length === 0 ? undefined : found.reduce((total, { value }) => total + value, 0);
  }
}

/** The body of an answer. */
export async function fetchText(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

/** Fetches a path of the endpoint; the cap is short, since the agent answers while main is blocked. */
export function ask(url: string, path: string): Promise<Response> {
  return fetch(`${url}${path}`, { signal: AbortSignal.timeout(2_000) });
}

/** The present metrics of an endpoint. */
export async function scrape(url: string): Promise<Metrics> {
  const response = await ask(url, '/metrics');
  if (response.status !== 200) {
    throw new Error(`/metrics answered ${response.status}`);
  }
  return new Metrics(await response.text());
}
