import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { Cgroup } from '../../../src/agent/system/cgroup.ts';
import { ContentionReader } from '../../../src/agent/system/contention.ts';
import { cpuStatisticsOfVersion2, filesOf, namespaced, pressure } from './recorded-files.ts';

function readerOf(files: Readonly<Record<string, string>>): ContentionReader {
  const read = filesOf(files);
  return new ContentionReader(new Cgroup(() => namespaced.mountinfo, read), read);
}

const schedule = { '/proc/self/task/7/schedstat': '2500000 1500000 12\n' };

test("the group's throttling and pressure, and the thread's run and wait, are told at once", () => {
  const reader = readerOf({
    ...schedule,
    '/proc/self/cgroup': namespaced.cgroup,
    '/sys/fs/cgroup/cpu.stat': cpuStatisticsOfVersion2,
    '/sys/fs/cgroup/cpu.pressure': pressure,
    '/proc/pressure/cpu': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n',
  });
  expect(reader.read(7)).toEqual({
    throttledMs: 4521.098,
    runMs: 2.5,
    waitMs: 1.5,
    cpuPressureMs: 34_107.254,
  });
});

test("the system's pressure is taken where the group has none", () => {
  const reader = readerOf({ ...schedule, '/proc/pressure/cpu': pressure });
  expect(reader.read(7)).toEqual({ runMs: 2.5, waitMs: 1.5, cpuPressureMs: 34_107.254 });
});

test('what can not be read is absent', () => {
  expect(readerOf({}).read(7)).toEqual({});
  expect(readerOf({ '/proc/self/task/7/schedstat': 'none\n' }).read(7)).toEqual({});
});

test.runIf(process.platform === 'linux')('it reads this very process', async () => {
  const reader = new ContentionReader();
  const { runMs = expect.fail('no schedule is read') } = reader.read(process.pid);
  await vi.waitFor(() => {
    createHash('sha256').update(Buffer.alloc(1e6)).digest();
    expect(reader.read(process.pid).runMs).toBeGreaterThan(runMs + 5);
  });
});
