// Profiles of a block by JSON.parse, recorded on each Node release in the way in which it is profiled
// there, with the moments of the block by the process's own clock.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { frameOf } from '../../../src/agent/frames.ts';
import { type CpuProfile, readProfile, sampleTimes } from '../../../src/agent/profile/cpu-profile.ts';
import { cutProfile } from '../../../src/agent/profile/cut-profile.ts';
import { findingsOf } from '../../../src/agent/profile/findings.ts';

interface Recorded {
  readonly startedAt: number;
  readonly since: number;
  readonly until: number;
  readonly profile: object;
}

describe.each(['22', '24', '26'])('recorded on Node %s', (name) => {
  const path = new URL(`recorded/node-${name}.json`, import.meta.url);
  const recorded = JSON.parse(readFileSync(path, 'utf8')) as Recorded;
  const profile = readProfile(JSON.stringify(recorded.profile), recorded.startedAt);
  const [since, until] = [recorded.since * 1000, recorded.until * 1000];

  test('its times are those of the process, also where V8 has counted in 32 bits', () => {
    // A first start takes longer than a tenth of a second nowhere.
    expect(profile.startTime / 1000 - recorded.startedAt).toBeGreaterThanOrEqual(0);
    expect(profile.startTime / 1000 - recorded.startedAt).toBeLessThan(100);
    expect(profile.endTime).toBeGreaterThan(until);
  });

  test('the block is blamed on the function that called JSON.parse, at its line', () => {
    const found = findingsOf(profile, { since, until, ownScript: '', place: (each) => frameOf(each) });
    expect(found.culprit?.frame).toMatchObject({ function: 'loadReport', file: '/app/report.mjs', line: 5 });
    expect(found.culprit?.ms).toBeGreaterThan((recorded.until - recorded.since) / 2);
  });

  test('the cut holds the samples of the block and their callers, and loads by itself', () => {
    const cut = JSON.parse(JSON.stringify(cutProfile(profile, since, until))) as CpuProfile;
    const ids = new Set(cut.nodes.map(({ id }) => id));
    expect(cut.samples.length).toBeGreaterThan((until - since) / 1000 / 25);
    expect(cut.samples.every((id) => ids.has(id))).toBe(true);
    expect(cut.nodes.flatMap(({ children = [] }) => children).every((id) => ids.has(id))).toBe(true);
    expect(cut.nodes[0]?.callFrame.functionName).toBe('(root)');
    expect(cut.nodes.reduce((sum, { hitCount }) => sum + hitCount, 0)).toBe(cut.samples.length);
    expect(cut.nodes.length).toBeLessThan(profile.nodes.length);
    const times = sampleTimes(cut);
    expect(times[0]).toBeGreaterThanOrEqual(cut.startTime);
    expect(times.at(-1)).toBeLessThanOrEqual(cut.endTime + 1);
    expect(cut.endTime - cut.startTime).toBeCloseTo(until - since, -1);
  });
});

test('a counter of 32 bits that was full within the profile is set right', () => {
  const text = JSON.stringify({
    nodes: [],
    samples: [],
    timeDeltas: [],
    startTime: 2 ** 32 - 1000,
    endTime: 4000,
  });
  expect(readProfile(text, (3 * 2 ** 32 - 1100) / 1000)).toMatchObject({
    startTime: 3 * 2 ** 32 - 1000,
    endTime: 3 * 2 ** 32 + 4000,
  });
});

test.each(['', '{}', '{"nodes":[],"samples":[1],"timeDeltas":[]}', '[]', 'null'])(
  'what is no profile is refused: %s',
  (text) => {
    expect(() => readProfile(text, 0)).toThrow();
  },
);
