import { expect, test } from 'vitest';
import { Cgroup } from '../../../src/agent/system/cgroup.ts';
import {
  cpuStatisticsOfVersion1,
  cpuStatisticsOfVersion2,
  filesOf,
  hybrid,
  namespaced,
  pressure,
  version2,
} from './recorded-files.ts';

interface System {
  readonly cgroup: string;
  readonly mountinfo: string;
}

function cgroupOf({ cgroup, mountinfo }: System, files: Record<string, string>): Cgroup {
  const found = new Cgroup(() => mountinfo, filesOf({ '/proc/self/cgroup': cgroup, ...files }));
  found.refresh();
  return found;
}

const slice = '/sys/fs/cgroup/system.slice';
const service = `${slice}/shop.service`;

test('the own limit counts where none above it is tighter, and its group tells of throttling', () => {
  const found = cgroupOf(version2, {
    [`${service}/cpu.max`]: '50000 100000\n',
    [`${service}/cpu.stat`]: cpuStatisticsOfVersion2,
    [`${slice}/cpu.max`]: '200000 100000\n',
    [`${slice}/cpu.stat`]: cpuStatisticsOfVersion2.replaceAll('1203', '5'),
  });
  expect(found.cpuLimit()).toBe(0.5);
  expect(found.cpuStatistics()?.periods).toBe(1203);
});

test('a tighter limit above counts, and that group tells of throttling and memory', () => {
  const found = cgroupOf(version2, {
    [`${service}/cpu.max`]: '400000 100000\n',
    [`${service}/cpu.stat`]: cpuStatisticsOfVersion2,
    [`${slice}/cpu.max`]: '150000 100000\n',
    [`${slice}/cpu.stat`]: cpuStatisticsOfVersion2.replaceAll('1203', '5'),
    [`${service}/memory.max`]: 'max\n',
    [`${service}/memory.current`]: '1000\n',
    [`${slice}/memory.max`]: '2000\n',
    [`${slice}/memory.current`]: '1500\n',
  });
  expect(found.cpuLimit()).toBe(1.5);
  expect(found.cpuStatistics()?.periods).toBe(5);
  expect(found.memory()).toEqual({ limitBytes: 2000, usageBytes: 1500 });
});

test('without a limit there is none, and the own group tells the rest', () => {
  const found = cgroupOf(version2, {
    [`${service}/cpu.max`]: 'max 100000\n',
    [`${service}/cpu.stat`]: cpuStatisticsOfVersion2,
    [`${service}/memory.max`]: 'max\n',
    [`${service}/memory.current`]: '1000\n',
  });
  expect(found.cpuLimit()).toBeUndefined();
  expect(found.cpuStatistics()?.throttledPeriods).toBe(87);
  expect(found.memory()).toEqual({ usageBytes: 1000 });
});

test('with version 1 and 2 at once, each says what is its own', () => {
  const found = cgroupOf(hybrid, {
    '/sys/fs/cgroup/cpu/jobs/cpu.cfs_quota_us': '-1\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '300000\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    '/sys/fs/cgroup/cpu/cpu.stat': cpuStatisticsOfVersion1,
    '/sys/fs/cgroup/memory/jobs/e4b6/memory.limit_in_bytes': '9223372036854771712\n',
    '/sys/fs/cgroup/memory/jobs/e4b6/memory.usage_in_bytes': '29831168\n',
    '/sys/fs/cgroup/unified/jobs/cpu.pressure': pressure,
  });
  expect(found.cpuLimit()).toBe(3);
  expect(found.cpuStatistics()?.throttledMs).toBeCloseTo(4521.098765);
  expect(found.memory()).toEqual({ usageBytes: 29_831_168 });
  expect(found.pressure('cpu')?.text).toBe(pressure);
  expect(found.pressure('io')).toBeUndefined();
});

test('a process that is moved is read in its new group', () => {
  const files: Record<string, string> = {
    '/proc/self/cgroup': '0::/a\n',
    '/sys/fs/cgroup/a/memory.current': '1\n',
    '/sys/fs/cgroup/b/memory.current': '2\n',
  };
  let mountsRead = 0;
  const found = new Cgroup(() => {
    mountsRead += 1;
    return namespaced.mountinfo;
  }, filesOf(files));
  found.refresh();
  found.refresh();
  expect(found.memory()).toEqual({ usageBytes: 1 });
  expect(mountsRead).toBe(1);
  files['/proc/self/cgroup'] = '0::/b\n';
  found.refresh();
  expect(found.memory()).toEqual({ usageBytes: 2 });
});

test('nothing is told where there are no groups, and before the first look', () => {
  const none = cgroupOf({ cgroup: '', mountinfo: '' }, {});
  const unread = new Cgroup(() => version2.mountinfo, filesOf({ '/proc/self/cgroup': version2.cgroup }));
  for (const found of [none, unread]) {
    expect(found.cpuLimit()).toBeUndefined();
    expect(found.cpuStatistics()).toBeUndefined();
    expect(found.memory()).toEqual({});
    expect(found.pressure('cpu')).toBeUndefined();
  }
});
