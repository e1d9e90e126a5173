import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/telemetry/catalogue.ts';
import { type MetricDefinition, prometheusName } from '../../src/telemetry/metric-definition.ts';

const metrics: readonly MetricDefinition[] = catalogue;

/** Of the semantic conventions; nothing of ours may be put under these. */
const standardNamespaces = /^(nodejs|v8js|process)\./;

function isUnique(values: readonly string[]): void {
  expect(values.filter((value, index) => values.indexOf(value) !== index)).toEqual([]);
}

test('every name is given once, to OpenTelemetry and to Prometheus', () => {
  isUnique(metrics.map(({ name }) => name));
  isUnique(metrics.map(prometheusName));
});

test('no name of a histogram or counter covers the series of another', () => {
  const series = metrics.flatMap((metric) => {
    const name = prometheusName(metric);
    return metric.instrument === 'histogram'
      ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]
      : [name];
  });
  isUnique(series);
});

describe.each(metrics)('$name', (metric) => {
  const { name, instrument, unit, description, definition, source, attributes, buckets } = metric;

  test('is named as its source is', () => {
    expect(name).toMatch(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/);
    const standard = standardNamespaces.test(name);
    expect(source).toBe(standard ? 'OpenTelemetry semantic conventions' : 'Loopscope');
    expect(standard || name.startsWith('loopscope.')).toBe(true);
  });

  test('is in base units', () => {
    expect(unit).toMatch(/^(s|By|1|\{[a-z_]+\})$/);
  });

  test('has a description in one line and a definition in sentences', () => {
    expect(description).toMatch(/^[A-Z][^\n]*[^.\s]$/);
    expect(definition).toMatch(/^\S[^\n]*\.$/);
  });

  test('says what each of its attributes means', () => {
    for (const [attribute, meaning] of Object.entries(attributes)) {
      expect(attribute).toMatch(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/);
      expect(meaning).toMatch(/\.$/);
    }
  });

  test('has ascending buckets if it is a histogram, and none else', () => {
    if (instrument !== 'histogram') {
      expect(buckets).toBeUndefined();
      return;
    }
    expect(buckets?.length).toBeGreaterThan(1);
    expect(buckets?.every((bound, index) => bound > (buckets[index - 1] ?? 0))).toBe(true);
  });

  test('has a Prometheus name of the usual form', () => {
    const prometheus = prometheusName(metric);
    expect(prometheus).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
    expect(prometheus.endsWith('_total')).toBe(instrument === 'counter');
    expect(/_seconds(_total)?$/.test(prometheus)).toBe(unit === 's');
    expect(/_bytes(_total)?$/.test(prometheus)).toBe(unit === 'By');
    expect(prometheus.endsWith('_ratio')).toBe(unit === '1' && instrument === 'gauge');
  });
});
