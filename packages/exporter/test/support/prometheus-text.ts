// A strict reader of the Prometheus text format 0.0.4: it throws on what Prometheus refuses, and on
// what `promtool check metrics` reports about form.

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly help: string;
  /** By the sample's full name, so with `_bucket`, `_sum` and `_count`. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelPattern = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;

export function parsePrometheusText(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) {
    throw new Error('the last line has no end');
  }
  const families = new Map<string, { type: string; help: string; samples: Map<string, Sample[]> }>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') {
      continue;
    }
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment !== null) {
      const [, kind, name = '', rest = ''] = comment;
      const family = families.get(name) ?? { type: '', help: '', samples: new Map() };
      if (kind === 'HELP') {
        if (families.has(name)) {
          throw new Error(`second HELP or late HELP: ${line}`);
        }
        family.help = rest;
      } else {
        if (family.type !== '' || family.samples.size > 0) {
          throw new Error(`second TYPE or late TYPE: ${line}`);
        }
        family.type = rest;
      }
      families.set(name, family);
      current = name;
      continue;
    }
    if (line.startsWith('#')) {
      throw new Error(`comment that 0.0.4 lacks: ${line}`);
    }
    const sample = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (sample === null) {
      throw new Error(`no sample: ${line}`);
    }
    const [, name = '', labelText = '', valueText = ''] = sample;
    const family = families.get(current);
    if (family === undefined || !belongs(name, current, family.type) || !metricName.test(name)) {
      throw new Error(`sample outside of its family ${current}: ${line}`);
    }
    const labels = parseLabels(labelText);
    const identity = `${name} ${JSON.stringify(Object.entries(labels).map(String).sort())}`;
    if (seen.has(identity)) {
      throw new Error(`series twice: ${line}`);
    }
    seen.add(identity);
    family.samples.set(name, [...(family.samples.get(name) ?? []), { labels, value: parseValue(valueText) }]);
  }
  for (const [name, family] of families) {
    checkFamily(name, family);
  }
  return families;
}

function belongs(name: string, family: string, type: string): boolean {
  return type === 'histogram'
    ? ['_bucket', '_sum', '_count'].some((suffix) => name === family + suffix)
    : name === family;
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  labelPattern.lastIndex = 0;
  while (labelPattern.lastIndex < text.length) {
    const match = labelPattern.exec(text);
    if (match === null) {
      throw new Error(`labels: ${text}`);
    }
    const [, name = '', value = ''] = match;
    if (Object.hasOwn(labels, name)) {
      throw new Error(`label twice: ${text}`);
    }
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}

function parseValue(text: string): number {
  const special: Record<string, number> = { '+Inf': Infinity, '-Inf': -Infinity, NaN: Number.NaN };
  const value = special[text] ?? Number(text);
  if (text === '' || (Number.isNaN(value) && text !== 'NaN')) {
    throw new Error(`value: ${text}`);
  }
  return value;
}

function checkFamily(name: string, { type, help, samples }: Family): void {
  if (help === '' || !['counter', 'gauge', 'histogram'].includes(type)) {
    throw new Error(`${name} lacks its help or type`);
  }
  if (samples.size === 0 || (type === 'counter') !== name.endsWith('_total')) {
    throw new Error(`${name} is empty or misnamed for a ${type}`);
  }
  if (type !== 'histogram') {
    return;
  }
  for (const { labels, value: count } of samples.get(`${name}_count`) ?? []) {
    const buckets = (samples.get(`${name}_bucket`) ?? []).filter(({ labels: { le: _, ...others } }) =>
      Object.entries(others).every(([key, value]) => labels[key] === value),
    );
    const bounds = buckets.map(({ labels: { le } }) => parseValue(le ?? ''));
    const counts = buckets.map(({ value }) => value);
    const ascending = (list: readonly number[]): boolean =>
      list.every((each, at) => at === 0 || (list[at - 1] ?? 0) <= each);
    if (bounds.at(-1) !== Infinity || counts.at(-1) !== count || !ascending(bounds) || !ascending(counts)) {
      throw new Error(`${name} has buckets that don't add up`);
    }
  }
}
