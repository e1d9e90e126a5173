import { expect, test } from 'vitest';
import { parseDescriptorLimit, parseThreadCount } from '../../../src/agent/system/process-status.ts';
import { limits, processStatistics } from './recorded-files.ts';

test('threads are counted, whatever the command is called', () => {
  expect(parseThreadCount(processStatistics)).toBe(12);
  expect(parseThreadCount(processStatistics.replace('node) 3 (x', 'node'))).toBe(12);
});

test.each([[''], ['7 (node) S 1'], ['no statistics']])('%j counts none', (text) => {
  expect(parseThreadCount(text)).toBeUndefined();
});

test('the soft limit of descriptors is the limit', () => {
  expect(parseDescriptorLimit(limits)).toBe(20_000);
});

test.each([[''], [limits.replace('20000', 'unlimited')]])('there is no limit in %j', (text) => {
  expect(parseDescriptorLimit(text)).toBeUndefined();
});
