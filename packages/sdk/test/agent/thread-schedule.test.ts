import { createHash } from 'node:crypto';
import { expect, onTestFinished, test, vi } from 'vitest';
import { mainSchedulePath, ownSchedulePath, ThreadScheduleReader } from '../../src/agent/thread-schedule.ts';

const onLinux = test.runIf(process.platform === 'linux');

function newReader(path: string): ThreadScheduleReader {
  const reader = new ThreadScheduleReader(path);
  onTestFinished(() => reader.stop());
  return reader;
}

/** Some milliseconds of it. */
function work(): void {
  createHash('sha256').update(Buffer.alloc(1e6)).digest();
}

onLinux.each([
  ['its own thread', ownSchedulePath],
  ['the main thread', mainSchedulePath],
])('it reads the CPU time of %s, which grows with work', async (_name, path) => {
  const reader = newReader(path);
  const { runMs, waitMs } = reader.read() ?? expect.fail('no schedule is read');
  expect(runMs).toBeGreaterThan(0);
  expect(waitMs).toBeGreaterThanOrEqual(0);
  await vi.waitFor(() => {
    work();
    expect(reader.read()?.runMs).toBeGreaterThan(runMs + 5);
  });
});

onLinux('the CPU time that it reads is about what the process tells of itself', () => {
  const reader = newReader(ownSchedulePath);
  const runBefore = reader.read()?.runMs ?? expect.fail('no schedule is read');
  const before = process.cpuUsage();
  for (let times = 0; times < 50; times += 1) {
    work();
  }
  const { user, system } = process.cpuUsage(before);
  const ranMs = (reader.read()?.runMs ?? 0) - runBefore;
  expect(ranMs).toBeGreaterThan(0);
  expect(ranMs).toBeLessThan(((user + system) / 1000) * 1.5 + 20);
});

test('it reads nothing once it is stopped, and may be stopped twice', () => {
  const reader = newReader(ownSchedulePath);
  reader.stop();
  reader.stop();
  expect(reader.read()).toBeUndefined();
});

test('it reads nothing where the system has no such file', () => {
  expect(newReader('/proc/self/task/0/schedstat').read()).toBeUndefined();
});
