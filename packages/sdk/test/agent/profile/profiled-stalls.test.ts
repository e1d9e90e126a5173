import { beforeEach, expect, test } from 'vitest';
import { frameOf } from '../../../src/agent/frames.ts';
import { type ProfiledStall, ProfiledStalls } from '../../../src/agent/profile/profiled-stalls.ts';
import type { ProfileRequest } from '../../../src/shared/messages.ts';
import { node, profileOf } from './made-profile.ts';

let asked: ProfileRequest[];
let files: Map<string, string>;
let stalls: ProfiledStalls;

const text = JSON.stringify(
  profileOf([node(1, '(root)', '', [2]), node(2, 'work', 'file:///srv/a.js:3')], [2, 2, 2, 2, 2]),
);

function stall(id = '1'): ProfiledStall {
  return { id, start: 1010, end: 1040, suspendedMs: 10, profile: undefined };
}

beforeEach(() => {
  asked = [];
  files = new Map();
  stalls = new ProfiledStalls({
    ask: (request) => asked.push(request),
    ownScript: '',
    place: (each) => frameOf(each),
    keep: (id, _durationMs, file) => files.set(id, file),
  });
});

test('a stall that is over is asked for, with what was suspended, and waited for until the answer', () => {
  const over = stall();
  stalls.ended(over);
  expect(asked).toEqual([{ kind: 'profile', stall: '1', since: 1000, until: 1040 }]);
  expect(stalls.waitsFor(over)).toBe(true);
  stalls.answered({ kind: 'profile', stall: '1', on: true, startedAt: 990, text });
  expect(stalls.waitsFor(over)).toBe(false);
  expect(over.profile?.culprit?.frame).toMatchObject({ function: 'work', file: '/srv/a.js' });
  expect(JSON.parse(files.get('1') ?? '')).toMatchObject({ startTime: 1_000_000, endTime: 1_040_000 });
});

test('an answer without a profile ends the waiting, and once there are none, none is asked for', () => {
  const over = stall();
  stalls.ended(over);
  stalls.answered({ kind: 'profile', stall: '1', on: false });
  expect(stalls.waitsFor(over)).toBe(false);
  expect(over.profile).toBeUndefined();
  const next = stall('2');
  stalls.ended(next);
  expect(stalls.waitsFor(next)).toBe(false);
  expect(asked).toHaveLength(1);
});

test('an answer that comes after the stall was closed, or unasked, changes nothing', () => {
  const over = stall();
  stalls.ended(over);
  stalls.forget(over);
  stalls.answered({ kind: 'profile', stall: '1', on: true, startedAt: 990, text });
  stalls.answered({ kind: 'profile', stall: '9', on: true, startedAt: 990, text });
  expect(over.profile).toBeUndefined();
  expect(files.size).toBe(0);
});

test('a profile that has no sample of the stall tells nothing of it', () => {
  const over = { ...stall(), start: 9000, end: 9100 };
  stalls.ended(over);
  stalls.answered({ kind: 'profile', stall: '1', on: true, startedAt: 990, text });
  expect(over.profile).toBeUndefined();
  expect(files.size).toBe(0);
});
