// A real control group with a CPU and a memory limit, the former on the group above the process's own:
// what is read in it is what it was given. Needs root and version 1, as on some machines that run tests.
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { startApp } from '../harness/app.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { scrape } from '../harness/scrape.ts';
import { until } from '../harness/until.ts';

const cpu = `/sys/fs/cgroup/cpu/loopscope-test-${process.pid}`;
const memory = `/sys/fs/cgroup/memory/loopscope-test-${process.pid}`;
const folders = [cpu, `${cpu}/inner`, memory];
const memoryLimit = 512 * 2 ** 20;

/** Whether groups could be made. */
function makeGroups(): boolean {
  try {
    for (const folder of folders) {
      mkdirSync(folder);
    }
    writeFileSync(`${cpu}/cpu.cfs_quota_us`, '50000');
    writeFileSync(`${memory}/memory.limit_in_bytes`, String(memoryLimit));
    return true;
  } catch {
    return false;
  }
}

const made = makeGroups();

afterAll(async () => {
  for (const folder of folders.toReversed()) {
    // A group is empty some moments after its last process has ended.
    await until(`${folder} is gone`, () => {
      rmdirSync(folder);
      return true;
    }).catch(() => {});
  }
});

describe.skipIf(!made).each(supportedNodes)('on Node $name', (node) => {
  test('the limits of a control group and its throttling are told', async () => {
    const join = `for group in ${cpu}/inner ${memory}; do echo $$ > $group/cgroup.procs; done; exec "$@"`;
    const within = ['/bin/sh', '-c', join, 'sh'];
    await using app = await startApp({ node, args: [fixture('cgroup/busy.mjs')], within });
    const metrics = await until('it is throttled', async () => {
      const found = await scrape(app.url);
      return (found.sum('loopscope_cgroup_cpu_throttled_time_seconds_total') ?? 0) > 0.2 && found;
    });
    expect(metrics.sum('loopscope_cgroup_cpu_limit')).toBe(0.5);
    expect(metrics.sum('loopscope_cgroup_memory_limit_bytes')).toBe(memoryLimit);
    const usage = metrics.sum('loopscope_cgroup_memory_usage_bytes') ?? 0;
    expect(usage).toBeGreaterThan(1e6);
    expect(usage).toBeLessThanOrEqual(memoryLimit);
    const later = readFileSync(`${cpu}/cpu.stat`, 'utf8');
    const number = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(later)?.[1]);
    const throttled = metrics.sum('loopscope_cgroup_cpu_throttled_time_seconds_total') ?? 0;
    expect(throttled).toBeLessThanOrEqual(number('throttled_time') / 1e9);
    expect(metrics.sum('loopscope_cgroup_cpu_throttled_periods_total')).toBeGreaterThan(0);
    expect(metrics.sum('loopscope_cgroup_cpu_periods_total')).toBeLessThanOrEqual(number('nr_periods'));
    // What the limit takes away, the thread waits for.
    expect(metrics.sum('loopscope_thread_cpu_wait_seconds_total')).toBeGreaterThan(0.05);
  });
});
