import { expect, test } from 'vitest';
import { adviceFor } from '../../../src/agent/cause/advice.ts';
import type { Cause, Culprit, StallEvidence } from '../../../src/shared/stall.ts';

const culprit: Culprit = { function: 'price', file: '/srv/orders.js', line: 7, column: 9, late: false };
const late = { ...culprit, late: true };

test.each<[Cause, StallEvidence, Culprit | undefined, RegExp]>([
  ['cpu', {}, culprit, /^Split the work of price .*worker thread/],
  ['cpu', {}, late, /^price called into native code .*JSON\.parse/],
  ['cpu', { synchronousCall: 'node:crypto pbkdf2Sync' }, late, /asynchronous form of pbkdf2Sync in price/],
  ['cpu', { synchronousCall: 'node:modules require' }, late, /what price requires at start-up/],
  [
    'sync-io',
    { synchronousCall: 'node:child_process execSync' },
    late,
    /^Use exec instead of execSync in price/,
  ],
  [
    'sync-io',
    { synchronousCall: 'node:fs readFileSync' },
    culprit,
    /readFileSync in price \(node:fs\/promises\)/,
  ],
  ['sync-io', { sleepMs: 400 }, culprit, /what price waits for/],
  ['gc', {}, { ...culprit, package: '@acme/a' }, /^Let price \(@acme\/a\) allocate less/],
  ['microtasks', {}, culprit, /price give way .*setImmediate/],
  ['starved', { waitMs: 300 }, culprit, /CPU of its own/],
  ['starved', { waitMs: 10, throttledMs: 300 }, culprit, /CPU limit of the container/],
  ['unknown', {}, undefined, /the code that blocks/],
])('%s with %j is advised on', (cause, evidence, blamed, expected) => {
  const advice = adviceFor(cause, evidence, blamed);
  expect(advice).toMatch(expected);
  expect(advice).toMatch(/^[^\n]+\.$/);
});
