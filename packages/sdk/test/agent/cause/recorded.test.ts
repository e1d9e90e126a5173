// The verdict on what the agent really found: blocks of each kind, recorded on each Node release by
// scripts/record-findings.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { causeOf } from '../../../src/agent/cause/cause.ts';
import { evidenceOf, type Findings } from '../../../src/agent/cause/evidence.ts';
import type { Cause } from '../../../src/shared/stall.ts';

const expected: Readonly<Record<string, Cause>> = {
  'cpu-loop': 'cpu',
  'deep-recursion': 'cpu',
  'regular-expression': 'cpu',
  'sort-comparator': 'cpu',
  'atomics-wait': 'sync-io',
  'next-tick': 'microtasks',
  promise: 'microtasks',
  'gc-pressure': 'gc',
  'json-parse': 'cpu',
  'pbkdf2-sync': 'cpu',
  'exec-sync': 'sync-io',
  'fs-sync': 'sync-io',
  // One long callback in a microtask.
  'after-await': 'cpu',
};

function verdict(findings: Findings): Cause {
  return causeOf({
    evidence: evidenceOf(findings),
    durationMs: findings.end - findings.start,
    inspectorOpen: false,
    seenRunning: findings.captures.some(({ late }) => !late),
  });
}

const folder = new URL('recorded/', import.meta.url);

describe.each(readdirSync(folder))('as recorded in %s', (file) => {
  const recorded = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, Findings>;
  const kinds = Object.entries(recorded);

  test.each(kinds)('%s is found to be what it is', (kind, findings) => {
    expect(verdict(findings)).toBe(expected[kind]);
  });

  // The verdict is given while the loop is still blocked, too: without its collections.
  test.each(kinds.filter(([kind]) => expected[kind] !== 'gc'))('%s is, half way through', (kind, whole) => {
    const { gcMs: _, ...findings } = whole;
    const end = (findings.start + findings.end) / 2;
    const told = <Reading extends { readonly at: number }>(all: readonly Reading[]): Reading[] =>
      all.filter(({ at }) => at <= end);
    const captures = told(findings.captures).map(({ tickAt, microtaskAt, ...capture }) => ({
      ...capture,
      ...(tickAt !== undefined && tickAt <= end && { tickAt }),
      ...(microtaskAt !== undefined && microtaskAt <= end && { microtaskAt }),
    }));
    const { schedule, states, contention } = findings;
    const half = {
      ...findings,
      end,
      captures,
      schedule: told(schedule),
      states: told(states),
      contention: told(contention),
    };
    expect(verdict(half)).toBe(expected[kind]);
  });

  test('the numbers fit into the stall, and add up to it', () => {
    for (const findings of Object.values(recorded)) {
      const { cpuMs = 0, waitMs = 0, sleepMs = 0 } = evidenceOf(findings);
      const length = findings.end - findings.start;
      expect(Math.max(cpuMs, waitMs, sleepMs)).toBeLessThanOrEqual(length);
      expect(cpuMs + waitMs).toBeLessThanOrEqual(length + 0.2);
      expect(cpuMs + waitMs + sleepMs).toBeGreaterThan(length * 0.8);
    }
  });
});
