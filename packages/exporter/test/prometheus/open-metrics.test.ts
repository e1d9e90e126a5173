import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { describe, expect, test } from 'vitest';
import { createProducer, feedReaders } from '../../src/meter-provider.ts';
import { formatFor, toOpenMetrics } from '../../src/prometheus/open-metrics.ts';
import { PrometheusReader } from '../../src/prometheus/prometheus-reader.ts';
import { FakeSource } from '../support/fake-source.ts';
import { stall } from '../support/stall.ts';

const openMetrics = 'openMetrics';
const prometheus = 'prometheus';

test.each([
  [undefined, prometheus],
  ['', prometheus],
  ['*/*', prometheus],
  ['text/plain', prometheus],
  ['text/html, application/xhtml+xml, */*;q=0.8', prometheus],
  ['application/openmetrics-text', openMetrics],
  ['Application/OpenMetrics-Text; version=1.0.0', openMetrics],
  // Prometheus 2.
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    openMetrics,
  ],
  ['application/openmetrics-text;q=0.3,text/plain;q=0.5', prometheus],
  ['application/openmetrics-text;q=0', prometheus],
  ['application/openmetrics-text;q=nonsense', prometheus],
])('a scraper that accepts %j gets %s', (accept, format) => {
  expect(formatFor(accept)).toBe(format);
});

test('counters, help and target information are written as OpenMetrics asks', () => {
  const text = [
    '# HELP starts_total Starts of "it" \\\\ all.',
    '# TYPE starts_total counter',
    'starts_total{part="a # HELP b_total c"} 1',
    '# HELP target_info Target metadata',
    '# TYPE target_info gauge',
    'target_info{service_name="shop"} 1',
    '',
  ].join('\n');
  expect(toOpenMetrics(text, []).split('\n')).toEqual([
    '# HELP starts Starts of \\"it\\" \\\\ all.',
    '# TYPE starts counter',
    'starts_total{part="a # HELP b_total c"} 1',
    '# HELP target Target metadata',
    '# TYPE target info',
    'target_info{service_name="shop"} 1',
    '# EOF',
    '',
  ]);
});

describe('the trace of a stall', () => {
  const source = new FakeSource();
  const producer = createProducer(source, '1.2.3', AggregationTemporality.CUMULATIVE);
  const reader = new PrometheusReader(
    { onError: (error) => expect.fail(String(error)), onStall: (listener) => source.onStall(listener) },
    [producer],
  );
  feedReaders([reader], resourceFromAttributes({}), source, '1.2.3');
  const span = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', sampled: true };

  function close(changes: Parameters<typeof stall>[0]): void {
    const closed = stall({ state: 'closed', span, ...changes });
    source.record('loopscope.eventloop.stall.duration', closed.durationMs / 1000, {
      cause: closed.cause,
      phase: closed.phase,
      thread: closed.thread.name,
    });
    source.tellStall('closed', closed);
  }

  async function exemplars(): Promise<string[]> {
    const text = (await reader.scrape('openMetrics')).toString();
    return text
      .split('\n')
      .filter((line) => line.includes(' # '))
      .map((line) => line.replace(/^.*_bucket/, ''));
  }

  test('is the exemplar of its bucket in its series', async () => {
    close({ durationMs: 320 });
    close({ durationMs: 60_000, cause: 'gc', thread: { id: 1, name: 'a "worker"' } });
    const ids = `trace_id="${span.traceId}",span_id="${span.spanId}"`;
    const found = await exemplars();
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/cause="cpu".*le="0\.5"\} 1 # /);
    expect(found[0]?.endsWith(` # {${ids}} 0.32 1700000000.320`)).toBe(true);
    expect(found[1]).toMatch(/cause="gc".*thread="a \\"worker\\"".*le="\+Inf"\} 1 # /);
    expect(found[1]?.endsWith(` # {${ids}} 60 1700000060.000`)).toBe(true);
  });

  test('is no exemplar where nobody recorded it or a debugger held it up', async () => {
    close({ durationMs: 70, span: { ...span, sampled: false } });
    close({ durationMs: 800, inspectorOpen: true });
    expect(await exemplars()).toHaveLength(2);
  });

  test('is no more, and nobody listens, after the release', () => {
    reader.release();
    expect(source.stallListeners).toBe(0);
  });
});
