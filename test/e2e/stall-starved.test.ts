// A loop that gets no CPU is not blamed on its code: a process that competes for the one CPU with a
// higher share, and a quota of the control group. Either is skipped where it can't be set.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type App, startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { stallOf } from '../harness/stalls.ts';

const [node] = supportedNodes.slice(-1);

function can(file: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function blockingApp(): Promise<App> {
  return startApp({ node: node ?? expect.fail('no Node release'), args: [fixture('blocks/app.mjs')] });
}

const canPin = can('taskset', '-c', '0', 'true') && can('renice', '--version');

test.skipIf(!canPin)('competing processes', async () => {
  await using app = await blockingApp();
  // One CPU for all its threads; the main thread alone gets the least share, so that the agent is there.
  execFileSync('taskset', ['-a', '-c', '-p', '0', String(app.pid)], { stdio: 'ignore' });
  execFileSync('renice', ['-n', '19', '-p', String(app.pid)], { stdio: 'ignore' });
  const program = 'require("node:fs").writeSync(1, "competes"); for (;;);';
  // Several, in sessions of their own: where each session has a share, niceness leaves it half of the CPU.
  const competitors = [1, 2, 3].map(() =>
    spawn('taskset', ['-c', '0', process.execPath, '-e', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    }),
  );
  try {
    await Promise.all(competitors.map(({ stdout }) => once(stdout, 'data')));
    app.tell('cpu-loop 600');
    const { cause, evidence, durationMs, advice } = await stallOf(app.url, 'priceOrders', 'closed');
    expect(cause).toBe('starved');
    expect(evidence.waitMs).toBeGreaterThan(durationMs / 2);
    expect(advice).toMatch(/CPU/);
  } finally {
    for (const competitor of competitors) {
      competitor.kill('SIGKILL');
    }
  }
});

const folder = `/sys/fs/cgroup/cpu/loopscope-test-${process.pid}`;

/** A control group with a tenth of a CPU; undefined where none can be made. */
function limitedGroup(): string | undefined {
  for (const [path, file, quota] of [
    [folder, 'cpu.cfs_quota_us', '10000'],
    [folder.replace('/cpu/', '/'), 'cpu.max', '10000 100000'],
  ] as const) {
    try {
      mkdirSync(path);
      writeFileSync(`${path}/${file}`, quota);
      return path;
    } catch {
      try {
        rmdirSync(path);
      } catch {
        // It was not made.
      }
    }
  }
  return undefined;
}

const group = limitedGroup();

test.skipIf(group === undefined)('a quota of the control group', async () => {
  const path = group ?? '';
  try {
    await using app = await blockingApp();
    writeFileSync(`${path}/cgroup.procs`, String(app.pid));
    app.tell('cpu-loop 600');
    const { cause, evidence, durationMs, advice } = await stallOf(app.url, 'priceOrders', 'closed');
    expect(cause).toBe('starved');
    expect(Math.max(evidence.throttledMs ?? 0, evidence.waitMs ?? 0)).toBeGreaterThan(durationMs / 2);
    expect(advice).toMatch(/CPU/);
  } finally {
    // A group with a process in it, even one that has just ended, can't be removed at once.
    await expect.poll(() => can('rmdir', path), { timeout: 5000 }).toBe(true);
  }
});
