import { expect, test } from 'vitest';
import { frameOf } from '../../../src/agent/frames.ts';
import { findingsOf, type ProfileFindings } from '../../../src/agent/profile/findings.ts';
import { node, profileOf } from './made-profile.ts';

const ownScript = 'file:///srv/node_modules/@loopscope/sdk/dist/register.js';
const nodes = [
  node(1, '(root)', '', [2, 5, 8, 9, 10]),
  node(2, 'handler', 'file:///srv/app.js:10', [3, 6]),
  node(3, 'loadReport', 'file:///srv/report.js:40', [4]),
  node(4, 'parse', ''),
  node(5, '(garbage collector)', ''),
  node(6, 'format', 'file:///srv/node_modules/@acme/text/index.js:3', [7]),
  node(7, 'readSync', 'node:fs:700'),
  node(8, '(idle)', ''),
  node(9, 'sample', `${ownScript}:5`, [11]),
  node(10, '(program)', ''),
  node(11, 'now', 'node:perf_hooks:7'),
];

/** From these samples, one each 10 ms. */
function found(
  samples: readonly number[],
  since = 995_000,
  until = 995_000 + samples.length * 10_000,
): ProfileFindings {
  return findingsOf(profileOf(nodes, samples), { since, until, ownScript, place: (each) => frameOf(each) });
}

test('native time is named under its caller, who is to blame', () => {
  const { profile, culprit } = found([2, 4, 4, 4, 4, 3]);
  expect(culprit).toMatchObject({
    frame: { function: 'loadReport', file: '/srv/report.js', line: 40 },
    ms: 50,
  });
  expect(profile).toMatchObject({
    samples: 6,
    functions: [
      { function: 'loadReport', file: '/srv/report.js', line: 40, selfMs: 40, native: 'parse' },
      { function: 'handler', selfMs: 10 },
      { function: 'loadReport', selfMs: 10 },
    ],
    packages: [{ package: '(application)', selfMs: 60 }],
  });
});

test('the time of a package is blamed on the application that called it, and counted for the package', () => {
  const { profile, culprit } = found([6, 6, 6, 7]);
  expect(culprit?.frame.function).toBe('handler');
  expect(profile.packages).toEqual([
    { package: '@acme/text', selfMs: 30 },
    { package: 'node', selfMs: 10 },
  ]);
});

test('garbage collections are told as such and blamed on nobody', () => {
  const { profile, culprit } = found([5, 5, 5, 5]);
  expect(profile.functions).toEqual([{ function: '(garbage collector)', file: '', line: 0, selfMs: 40 }]);
  expect(profile.packages).toEqual([]);
  expect(culprit).toBeUndefined();
});

test('neither idling nor our own probes count', () => {
  expect(found([8, 9, 11, 8]).profile).toEqual({ samples: 0, functions: [], packages: [] });
});

test('whoever takes less than a quarter of the stall is not blamed for it', () => {
  expect(found([10, 10, 10, 10, 3]).culprit).toBeUndefined();
});

test('what lies outside of the stall does not count', () => {
  const { profile, culprit } = found([3, 3, 3, 3, 2, 2], 1_035_000, 1_055_000);
  expect(culprit?.frame.function).toBe('handler');
  expect(profile.functions).toMatchObject([{ function: 'handler', selfMs: 20 }]);
});

test('the line is the one that most samples were in', () => {
  const ticked = nodes.map((each) =>
    each.id === 3
      ? {
          ...each,
          positionTicks: [
            { line: 41, ticks: 1 },
            { line: 42, ticks: 3 },
          ],
        }
      : each,
  );
  const { culprit } = findingsOf(profileOf(ticked, [3, 3, 3, 3]), {
    since: 995_000,
    until: 1_035_000,
    ownScript,
    place: (each) => frameOf(each),
  });
  expect(culprit?.frame).toMatchObject({ line: 42, column: 0 });
});
