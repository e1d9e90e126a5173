import { beforeEach, expect, test } from 'vitest';
import { Profile } from '../../../src/main/profile/profile.ts';
import type { Profiler } from '../../../src/main/profile/profiler.ts';
import type { ProfileMessage } from '../../../src/shared/messages.ts';

let now: number;
/** What each start and stop takes. */
let takesMs: number;
/** Of that, what the thread works itself. */
let workShare: number;
let worked: number;
let log: string[];
let sent: ProfileMessage[];
let reasons: string[];
let failures: number;
let count: number;

const takeTime = (): void => {
  now += takesMs;
  worked += takesMs * workShare;
};

const profiler: Profiler = {
  start: () => {
    count += 1;
    const own = count;
    takeTime();
    log.push(`start ${own}`);
    return () => {
      takeTime();
      log.push(`stop ${own}`);
      return { own };
    };
  },
  close: () => log.push('close'),
};

function started(create: () => Profiler = () => profiler): Profile {
  return new Profile({
    create,
    send: (message) => sent.push(message),
    failed: () => {
      failures += 1;
    },
    ended: (reason) => reasons.push(reason),
    now: () => now,
    workedMs: () => worked,
  });
}

const ask = (profile: Profile, stall: string, since: number, until: number): void =>
  profile.asked({ kind: 'profile', stall, since, until });

beforeEach(() => {
  [now, takesMs, workShare, worked, failures, count] = [1000, 0, 1, 0, 0, 0];
  [log, sent, reasons] = [[], [], []];
});

test('the next profile starts before the last one stops, once it is ten seconds old', () => {
  const profile = started();
  now = 10_999;
  profile.sampled();
  expect(log).toEqual(['start 1']);
  now = 11_000;
  profile.sampled();
  expect(log).toEqual(['start 1', 'start 2', 'stop 1']);
  profile.stop();
  expect(log.slice(3)).toEqual(['stop 2', 'close']);
});

test('a stall is answered with the profile that ran while it lasted', () => {
  const profile = started();
  now = 3000;
  ask(profile, '1', 2000, 2500);
  expect(sent).toEqual([{ kind: 'profile', stall: '1', on: true, startedAt: 1000, text: '{"own":1}' }]);
});

test('also where that has become old meanwhile', () => {
  const profile = started();
  now = 12_000;
  profile.sampled();
  ask(profile, '1', 11_000, 11_900);
  now = 12_010;
  ask(profile, '2', 12_001, 12_009);
  expect(sent.map(({ text }) => text)).toEqual(['{"own":1}', '{"own":2}']);
});

test('two stalls that are asked for in one turn have the same profile, and it changes once', () => {
  const profile = started();
  now = 3000;
  ask(profile, '1', 1500, 1800);
  ask(profile, '2', 2000, 2500);
  expect(sent.map(({ text }) => text)).toEqual(['{"own":1}', '{"own":1}']);
  expect(log).toEqual(['start 1', 'start 2', 'stop 1']);
});

test('one that holds the thread for over 5 ms ends it, is counted and said; the first start may', () => {
  takesMs = 200;
  const profile = started();
  expect(reasons).toEqual([]);
  takesMs = 3;
  now = 3000;
  ask(profile, '1', 2000, 2500);
  expect(sent).toMatchObject([{ stall: '1', on: false, text: '{"own":1}' }]);
  expect(reasons).toEqual(['to read the profile held the thread for 6.0 ms']);
  expect(failures).toBe(1);
  expect(log.slice(-2)).toEqual(['stop 2', 'close']);
  ask(profile, '2', 2600, 2900);
  ask(profile, '3', 9000, 9900);
  expect(sent.slice(1).map(({ on }) => on)).toEqual([false, false]);
});

test('to be preempted is not to hold the thread', () => {
  const profile = started();
  [takesMs, workShare] = [30, 0.01];
  now = 12_000;
  profile.sampled();
  expect(reasons).toEqual([]);
  expect(log).toEqual(['start 1', 'start 2', 'stop 1']);
});

test('where there is no profiler, it is said and each question answered', () => {
  const profile = started(() => {
    throw new Error('denied');
  });
  ask(profile, '1', 1, 2);
  profile.sampled();
  profile.stop();
  expect(reasons).toEqual(['Error: denied']);
  expect(sent).toEqual([{ kind: 'profile', stall: '1', on: false }]);
});
