import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SystemReadings, type SystemReadingsParts } from '../../../src/agent/system/system-readings.ts';
import { filesOf, limitedSystem, namespaced, pressure, version2 } from './recorded-files.ts';

const nothing: SystemReadingsParts = {
  now: () => 0,
  read: () => undefined,
  readMounts: () => undefined,
  countDescriptors: () => undefined,
};

test('a process with every limit is told of all of them', () => {
  const readings = new SystemReadings({ ...nothing, ...limitedSystem(7), countDescriptors: () => 23 });
  expect(readings.read()).toMatchObject({
    threads: 12,
    descriptors: 23,
    descriptorLimit: 20_000,
    cpuLimit: 1.5,
    cpuStatistics: { periods: 1203, throttledPeriods: 87, throttledMs: 4521.098 },
    memory: { limitBytes: 536_870_912, usageBytes: 29_831_168 },
  });
  expect(readings.read().pressure).toEqual(
    ['cpu', 'memory', 'io'].flatMap((resource) => [
      { resource, kind: 'some', ms: 34_107.254 },
      { resource, kind: 'full', ms: 1.25 },
    ]),
  );
  expect(readings.schedule(7)).toEqual({ runMs: 2500, waitMs: 1500 });
});

test('where no file can be read, nothing is told of what is in files', () => {
  const { pressure: found, memory, ...rest } = new SystemReadings(nothing).read();
  expect(found).toEqual([]);
  expect(memory).toEqual({});
  expect(Object.keys(rest).sort()).toEqual([
    'involuntarySwitches',
    'majorFaults',
    'minorFaults',
    'voluntarySwitches',
  ]);
  expect(new SystemReadings(nothing).schedule(7)).toBeUndefined();
});

test('on Windows no context switches are told', () => {
  expect(new SystemReadings({ ...nothing, platform: 'win32' }).read()).not.toHaveProperty(
    'voluntarySwitches',
  );
});

test("without a group's own pressure the system's is told", () => {
  const read = filesOf({ '/proc/self/cgroup': version2.cgroup, '/proc/pressure/io': pressure });
  const readings = new SystemReadings({ ...nothing, read, readMounts: () => version2.mountinfo });
  expect(readings.read().pressure.map(({ resource }) => resource)).toEqual(['io', 'io']);
});

test('readers within a second share one reading, and a later one gets another', () => {
  let now = 1000;
  let taken = 0;
  const readings = new SystemReadings({ ...nothing, now: () => now, countDescriptors: () => (taken += 1) });
  expect(readings.read().descriptors).toBe(1);
  now += 800;
  expect(readings.read().descriptors).toBe(1);
  now += 200;
  expect(readings.read().descriptors).toBe(2);
});

test('counters go on when the process is moved to another group', () => {
  let now = 0;
  const files: Record<string, string> = {
    '/proc/self/cgroup': '0::/a\n',
    '/sys/fs/cgroup/a/cpu.stat': 'nr_periods 50\nnr_throttled 5\nthrottled_usec 5000\n',
    '/sys/fs/cgroup/b/cpu.stat': 'nr_periods 3\nnr_throttled 2\nthrottled_usec 1000\n',
  };
  const read = filesOf(files);
  const readings = new SystemReadings({
    ...nothing,
    now: () => now,
    read,
    readMounts: () => namespaced.mountinfo,
  });
  const periods = (): number | undefined => {
    now += 1000;
    return readings.read().cpuStatistics?.periods;
  };
  expect(periods()).toBe(50);
  files['/proc/self/cgroup'] = '0::/b\n';
  expect(periods()).toBe(50);
  files['/sys/fs/cgroup/b/cpu.stat'] = 'nr_periods 13\nnr_throttled 2\nthrottled_usec 1000\n';
  expect(periods()).toBe(60);
});

describe.runIf(process.platform === 'linux')('on this machine', () => {
  test('threads, descriptors and their limit are what the system lists', () => {
    const { threads, descriptors, descriptorLimit } = new SystemReadings({ now: () => 0 }).read();
    expect(threads).toBe(readdirSync('/proc/self/task').length);
    // Listing them takes one more.
    expect(descriptors).toBe(readdirSync('/proc/self/fd').length - 1);
    expect(descriptorLimit).toBeGreaterThan(descriptors ?? Number.NaN);
  });

  test('the switches and faults are those of the process, and grow', () => {
    let now = 0;
    const readings = new SystemReadings({ now: () => now });
    const before = readings.read();
    const usage = process.resourceUsage();
    now += 1000;
    const after = readings.read();
    expect(before.minorFaults).toBeGreaterThan(0);
    expect(before.minorFaults).toBeLessThanOrEqual(usage.minorPageFault);
    expect(after.minorFaults).toBeGreaterThanOrEqual(usage.minorPageFault);
    expect(after.involuntarySwitches).toBeGreaterThanOrEqual(usage.involuntaryContextSwitches);
  });
});
