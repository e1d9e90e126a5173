import { expect, test } from 'vitest';
import { cutProfile } from '../../../src/agent/profile/cut-profile.ts';
import { node, profileOf } from './made-profile.ts';

test('no source text and no query string leave with a profile, and names are safe to print', () => {
  const nodes = [
    node(1, '(root)', '', [2, 3]),
    node(2, 'secret', 'data:text/javascript,const key = 1:1'),
    node(3, 'a\nb', 'file:///srv/app.js?token=1:1'),
  ];
  const cut = cutProfile(profileOf(nodes, [2, 3]), 990_000, 1_020_000);
  expect(cut.nodes.map(({ callFrame }) => [callFrame.functionName, callFrame.url])).toEqual([
    ['(root)', ''],
    ['secret', 'data:'],
    ['a\\u000ab', 'file:///srv/app.js'],
  ]);
});

test('which lines the samples of a part were in is told only where it is known', () => {
  const nodes = [
    node(1, '(root)', '', [2, 3]),
    { ...node(2, 'whole', 'file:///a.js:1'), positionTicks: [{ line: 1, ticks: 1 }] },
    { ...node(3, 'part', 'file:///a.js:5'), positionTicks: [{ line: 5, ticks: 3 }] },
  ];
  const cut = cutProfile(profileOf(nodes, [2, 3, 3, 3]), 990_000, 1_015_000);
  expect(cut.samples).toEqual([2, 3]);
  expect(cut.nodes.map(({ hitCount, positionTicks }) => [hitCount, positionTicks?.length])).toEqual([
    [0, undefined],
    [1, 1],
    [1, undefined],
  ]);
});

test('a stall without samples is a profile of nothing', () => {
  const cut = cutProfile(profileOf([node(1, '(root)', '', [])], [1]), 5_000_000, 5_100_000);
  expect(cut).toMatchObject({ samples: [], timeDeltas: [], startTime: 5_000_000, endTime: 5_100_000 });
  expect(cut.nodes).toHaveLength(1);
});
