import { expect, test } from 'vitest';
import {
  parseBytes,
  parseCfsQuota,
  parseCpuMax,
  parseCpuStatistics,
} from '../../../src/agent/system/cgroup-files.ts';
import {
  cpuStatisticsOfVersion1,
  cpuStatisticsOfVersion2,
  cpuStatisticsWithoutController,
} from './recorded-files.ts';

test.each([
  ['50000 100000\n', 0.5],
  ['400000 100000\n', 4],
  ['max 100000\n', undefined],
  ['50000 0\n', undefined],
  ['0 100000\n', undefined],
  ['-1 100000\n', undefined],
  ['50000\n', undefined],
  ['', undefined],
])('cpu.max %j is %s CPUs', (text, cpus) => {
  expect(parseCpuMax(text)).toBe(cpus);
});

test.each([
  ['150000\n', '100000\n', 1.5],
  ['-1\n', '100000\n', undefined],
  ['150000\n', '', undefined],
  ['', '100000\n', undefined],
])('a quota of %j in %j is %s CPUs', (quota, period, cpus) => {
  expect(parseCfsQuota(quota, period)).toBe(cpus);
});

test('the times of both versions are milliseconds', () => {
  expect(parseCpuStatistics(cpuStatisticsOfVersion1)).toEqual({
    periods: 1203,
    throttledPeriods: 87,
    throttledMs: 4521.098765,
  });
  expect(parseCpuStatistics(cpuStatisticsOfVersion2)).toEqual({
    periods: 1203,
    throttledPeriods: 87,
    throttledMs: 4521.098,
  });
});

test.each([[cpuStatisticsWithoutController], [''], ['nr_periods many\nnr_throttled 1\nthrottled_usec 1\n']])(
  'statistics without periods are none: %j',
  (text) => {
    expect(parseCpuStatistics(text)).toBeUndefined();
  },
);

test.each([
  ['536870912\n', 536_870_912],
  ['0\n', 0],
  ['max\n', undefined],
  ['9223372036854771712\n', undefined],
  ['', undefined],
  ['-1\n', undefined],
])('%j is %s bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});
