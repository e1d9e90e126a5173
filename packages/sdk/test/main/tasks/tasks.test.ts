import { AsyncResource } from 'node:async_hooks';
import { pbkdf2 } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { taskAbilities } from '../../../src/main/tasks/abilities.ts';
import { Tasks, type TasksParts } from '../../../src/main/tasks/tasks.ts';
import type { CensusMessage, TaskCount } from '../../../src/shared/tasks.ts';

interface Life {
  readonly tasks: Tasks;
  readonly messages: CensusMessage[];
  readonly failures: string[];
  readonly count: (type: string) => TaskCount | undefined;
}

function life(changes: Partial<TasksParts> = {}): Life {
  const messages: CensusMessage[] = [];
  const failures: string[] = [];
  const tasks = new Tasks({
    level: 'rate',
    promises: false,
    send: (message) => messages.push(structuredClone(message)),
    failed: (part) => failures.push(part),
    ...changes,
  });
  onTestFinished(() => tasks.stop());
  const count = (type: string): TaskCount | undefined =>
    tasks.sample().counts?.find((each) => each.type === type);
  return { tasks, messages, failures, count };
}

const fewSeconds = { timeout: 20_000 };

test('at `rate` the operations are counted, and no hook is there', () => {
  const { tasks } = life();
  const before = tasks.sample();
  const timers = Array.from({ length: 100 }, () => setTimeout(() => {}, 60_000));
  timers.forEach(clearTimeout);
  const after = tasks.sample();
  expect(before).toEqual({ level: 'rate', promises: false, operations: expect.any(Number) });
  expect((after.operations ?? 0) - (before.operations ?? 0)).toBeGreaterThanOrEqual(100);
  expect((after.operations ?? 0) - (before.operations ?? 0)).toBeLessThan(200);
});

test('at `off` there is nothing to tell', () => {
  expect(life({ level: 'off' }).tasks.sample()).toEqual({ level: 'off', promises: false });
});

test('at `counts` tasks are counted by type as they come and go', async () => {
  const { count } = life({ level: 'counts' });
  const timers = Array.from({ length: 50 }, () => setTimeout(() => {}, 60_000));
  expect(count('Timeout')).toMatchObject({ created: 50, destroyed: 0, live: 50 });
  timers.slice(0, 20).forEach(clearTimeout);
  await expect.poll(() => count('Timeout')?.live, fewSeconds).toBeLessThanOrEqual(40);
  const { created = 0, destroyed = 0, live = 0 } = count('Timeout') ?? {};
  expect(created - destroyed).toBe(live);
  timers.forEach(clearTimeout);
});

test('jobs on the thread pool that Node does not list are among the live tasks', async () => {
  const { count } = life({ level: 'counts' });
  const done = new Promise((resolve) => pbkdf2('secret', 'salt', 1000, 32, 'sha256', resolve));
  expect(count('PBKDF2REQUEST')?.live).toBe(1);
  await done;
  await expect.poll(() => count('PBKDF2REQUEST')?.live, fewSeconds).toBe(0);
});

test('promises are counted only when asked for', async () => {
  const { tasks, count } = life({ level: 'counts' });
  await Promise.all(Array.from({ length: 10 }, async () => {}));
  expect(count('PROMISE')).toBeUndefined();
  tasks.set({ level: 'counts', promises: true });
  await Promise.all(Array.from({ length: 10 }, async () => {}));
  expect(count('PROMISE')?.created).toBeGreaterThanOrEqual(10);
  expect(tasks.sample().promises).toBe(true);
});

test('what was counted stays counted when the level goes down and up; what is live begins anew', () => {
  const { tasks, count } = life({ level: 'counts' });
  const own = (): AsyncResource => new AsyncResource('KEPT', { requireManualDestroy: true });
  const kept = [own(), own()];
  tasks.set({ level: 'rate' });
  expect(tasks.sample().counts).toBeUndefined();
  kept.push(own());
  tasks.set({ level: 'counts' });
  kept.push(own());
  expect(count('KEPT')).toEqual({ type: 'KEPT', created: 3, destroyed: 0, live: 1 });
});

test('operations never fall, whatever the level', () => {
  const { tasks } = life();
  let last = 0;
  for (const level of ['counts', 'rate', 'census', 'counts', 'rate', 'census', 'rate'] as const) {
    tasks.set({ level });
    clearTimeout(setTimeout(() => {}, 1000));
    const { operations = 0 } = tasks.sample();
    expect(operations).toBeGreaterThan(last);
    last = operations;
  }
});

test('a census ends by itself, goes back to the level before, and tells where tasks were created', async () => {
  const { tasks, messages } = life();
  tasks.set({ level: 'census', seconds: 1 });
  expect(tasks.level).toBe('census');
  const kept = Array.from({ length: 5 }, function keep() {
    return setTimeout(() => {}, 60_000);
  });
  await expect.poll(() => messages.at(-1)?.part, fewSeconds).toBe('ended');
  expect(tasks.level).toBe('rate');
  expect(tasks.sample().counts).toBeUndefined();
  kept.forEach(clearTimeout);

  expect(messages.map(({ part }) => part)).toEqual(
    expect.arrayContaining(['started', 'live', 'sites', 'ended']),
  );
  const sites = messages.flatMap((each) => (each.part === 'sites' ? each.sites : []));
  const site = sites.findIndex(({ callSites }) =>
    callSites.some(({ functionName }) => functionName === 'keep'),
  );
  expect(sites[site]).toMatchObject({ type: 'Timeout', sampled: 5, created: 5 });
  const live = messages.find((each) => each.part === 'live') ?? expect.fail('nothing is live');
  expect([...live.sites].filter((each) => each === site + 1)).toHaveLength(5);
  const ended = messages.at(-1) as Extract<CensusMessage, { part: 'ended' }>;
  const timeout = ended.types.indexOf('Timeout');
  expect(ended.created[timeout]).toBeGreaterThanOrEqual(5);
  expect(ended.sampled[timeout]).toBeGreaterThanOrEqual(5);
});

test('the samples of a flood of tasks stay within their budget', async () => {
  const { tasks, messages } = life({ level: 'counts' });
  tasks.set({ level: 'census', seconds: 1 });
  const timers = Array.from({ length: 50_000 }, () => setTimeout(() => {}, 60_000));
  tasks.set({ level: 'counts' });
  await expect.poll(() => messages.at(-1)?.part, fewSeconds).toBe('ended');
  timers.forEach(clearTimeout);
  const ended = messages.at(-1) as Extract<CensusMessage, { part: 'ended' }>;
  const timeout = ended.types.indexOf('Timeout');
  expect(ended.created[timeout]).toBeGreaterThanOrEqual(50_000);
  expect(ended.sampled[timeout]).toBeLessThan(10_000);
  expect(ended.sampled[timeout]).toBeGreaterThan(0);
  const live = messages.flatMap((each) => (each.part === 'live' ? [...each.ids] : []));
  expect(live.filter((id) => id !== 0).length).toBeGreaterThanOrEqual(50_000);
  // What the samples stand for adds up, but for the part since the last one.
  const stoodFor = messages
    .flatMap((each) => (each.part === 'sites' ? each.sites : []))
    .filter(({ type }) => type === 'Timeout')
    .reduce((sum, { created }) => sum + created, 0);
  expect(stoodFor).toBeLessThanOrEqual(ended.created[timeout] ?? 0);
});

test('a census may sample one type alone', async () => {
  const { tasks, messages } = life();
  tasks.set({ level: 'census', seconds: 1, type: 'Timeout' });
  clearTimeout(setTimeout(() => {}, 60_000));
  await new Promise((resolve) => setImmediate(resolve));
  tasks.set({ level: 'rate' });
  await expect.poll(() => messages.at(-1)?.part, fewSeconds).toBe('ended');
  const sites = messages.flatMap((each) => (each.part === 'sites' ? each.sites : []));
  expect(new Set(sites.map(({ type }) => type))).toEqual(new Set(['Timeout']));
});

test('a second census takes the place of the first, and goes back to where that came from', () => {
  const { tasks } = life({ level: 'counts' });
  tasks.set({ level: 'census', seconds: 60 });
  tasks.set({ level: 'census', seconds: 60, promises: true });
  tasks.set({ level: 'census', seconds: 60 });
  expect(tasks.level).toBe('census');
  expect(tasks.sample().promises).toBe(false);
});

test('where a hook would see all promises, it is had only by whoever asks for promises', () => {
  const refusals: string[] = [];
  const { tasks } = life({
    level: 'counts',
    abilities: { sparesPromises: false },
    refused: (reason) => refusals.push(reason),
  });
  expect(tasks.level).toBe('rate');
  expect(refusals).toEqual([expect.stringContaining('promises')]);
  expect(tasks.set({ level: 'counts' })).toMatch(/promises/);
  expect(tasks.set({ level: 'census' })).toMatch(/promises/);
  expect(tasks.level).toBe('rate');
  expect(tasks.set({ level: 'counts', promises: true })).toBeUndefined();
  expect(tasks.level).toBe('counts');
});

test('where a hook could end the process, it is refused', () => {
  const { tasks } = life({ abilities: { sparesPromises: true, noHooks: 'not here' } });
  expect(tasks.set({ level: 'counts', promises: true })).toBe('not here');
  expect(tasks.set({ level: 'off' })).toBeUndefined();
});

test('a limit ends what is dearer than the rate, and whoever asks for it again is told why', () => {
  const { tasks } = life({ level: 'counts' });
  expect(tasks.level).toBe('counts');
  tasks.limit('it took too much');
  expect(tasks.level).toBe('rate');
  expect(tasks.set({ level: 'counts' })).toBe('it took too much');
  expect(tasks.set({ level: 'census' })).toBe('it took too much');
  expect(tasks.set({ level: 'off' })).toBeUndefined();
});

test.each([
  ['22.15.0', true],
  ['22.21.1', true],
  ['22.22.0', false],
  ['24.12.9', true],
  ['24.13.0', false],
  ['26.0.0', false],
])('on Node %s hooks are refused: %s', (version, refused) => {
  expect(taskAbilities(version).noHooks !== undefined).toBe(refused);
});

test('a recursion to the end of the stack that creates tasks meets a RangeError, and counting goes on', () => {
  const { tasks, count } = life({ level: 'counts' });
  tasks.set({ level: 'census', seconds: 60 });
  const timers: NodeJS.Timeout[] = [];
  const recur = (): number => {
    timers.push(setTimeout(() => {}, 60_000));
    return recur() + 1;
  };
  expect(recur).toThrow(RangeError);
  timers.forEach(clearTimeout);
  const before = count('Timeout')?.created ?? 0;
  clearTimeout(setTimeout(() => {}, 60_000));
  expect(count('Timeout')?.created).toBe(before + 1);
});
