import { expect, test } from 'vitest';
import { metricShapes } from '../../src/shared/alert-condition.ts';
import { nearestName } from '../../src/shared/nearest-name.ts';
import { catalogue } from '../../src/telemetry/catalogue.ts';
import { prometheusName } from '../../src/telemetry/metric-definition.ts';

const names = [...metricShapes().keys()];

test.each([
  ['nodejs.eventloop.utilisation', 'nodejs.eventloop.utilization'],
  ['eventloop.stall.age', 'loopscope.eventloop.stall.age'],
  ['process.memory.use', 'process.memory.usage'],
  ['PROCESS_UPTIME', 'process.uptime'],
])('%s is nearest to %s', (wanted, nearest) => {
  expect(nearestName(wanted, names)).toBe(nearest);
});

test.each(catalogue)('the Prometheus name of $name finds it', (metric) => {
  expect(nearestName(prometheusName(metric), names)).toBe(metric.name);
});

test('there is none where there are no names, and a long one takes no time', () => {
  expect(nearestName('a', [])).toBeUndefined();
  expect(names).toContain(nearestName('x'.repeat(1_000_000), names));
});
