import v8 from 'node:v8';
import { describe, expect, type TestContext, test } from 'vitest';
import { OwnTime } from '../../src/main/own-time.ts';
import { startSampler } from '../../src/main/sampler.ts';
import { Utilization } from '../../src/main/utilization.ts';
import { monotonicNow } from '../../src/shared/clock.ts';
import type { SampleMessage } from '../../src/shared/messages.ts';
import type { TasksReading } from '../../src/shared/tasks.ts';

const tasksReading: TasksReading = { level: 'rate', promises: false, operations: 12 };

interface Sampling {
  readonly samples: SampleMessage[];
  readonly failures: string[];
  readonly utilization: Utilization;
  readonly stop: () => void;
}

function sampling(context: TestContext, send?: (sample: SampleMessage) => void): Sampling {
  const samples: SampleMessage[] = [];
  const failures: string[] = [];
  const utilization = new Utilization();
  const own = new OwnTime();
  own.add('gc', 2.5);
  let untaken: Record<string, number> | undefined = { gc: 2 };
  const stop = startSampler({
    utilization,
    send: (sample) => {
      send?.(sample);
      samples.push(sample);
    },
    tasks: () => tasksReading,
    listenerWarnings: () => 2,
    own,
    limited: () => ['profile'],
    takeFailures: () => {
      const taken = untaken;
      untaken = undefined;
      return taken;
    },
    failed: (part) => failures.push(part),
  });
  context.onTestFinished(stop);
  return { samples, failures, utilization, stop };
}

const fewSeconds = { timeout: 20_000 };

describe.concurrent('a sampler', () => {
  test('samples again and again: what is cumulative never falls, and failures are told once', async (context) => {
    const start = monotonicNow();
    const { samples, failures } = sampling(context);
    await expect.poll(() => samples.length, fewSeconds).toBeGreaterThan(1);
    const [first, second] = samples as [SampleMessage, SampleMessage];
    expect(first.at).toBeGreaterThan(start);
    expect(second.at).toBeGreaterThan(first.at);
    for (const name of ['active', 'idle', 'iterations', 'events', 'eventsWaiting', 'cpu'] as const) {
      expect(second[name], name).toBeGreaterThanOrEqual(first[name] ?? Number.NaN);
    }
    expect(second.active + second.idle).toBeGreaterThan(first.active + first.idle);
    expect([first.failures, second.failures]).toEqual([{ gc: 2 }, undefined]);
    expect(failures).toEqual([]);
  }, 30_000);

  test('sends what the thread can read of itself', async (context) => {
    const { samples, utilization } = sampling(context);
    await expect.poll(() => samples[0], fewSeconds).toBeDefined();
    const [sample] = samples as [SampleMessage];
    expect(sample).toMatchObject({
      kind: 'sample',
      inspectorOpen: false,
      sourceMaps: process.sourceMapsEnabled,
      cpu: expect.any(Number),
      externalBytes: expect.any(Number),
      tasks: tasksReading,
      listenerWarnings: 2,
      ownTime: expect.objectContaining({ gc: 2.5, capture: 0 }),
      limited: ['profile'],
    });
    expect(sample.heapSpaces.map(({ name }) => name).sort()).toEqual(
      v8
        .getHeapSpaceStatistics()
        .map(({ space_name }) => space_name)
        .sort(),
    );
    const old = sample.heapSpaces.find(({ name }) => name === 'old_space') ?? expect.fail('no old space');
    expect(old.used).toBeGreaterThan(0);
    expect(old.used).toBeLessThanOrEqual(old.size);
    expect(Object.keys(sample.resources ?? {}).length).toBeGreaterThan(0);
    expect(structuredClone(sample)).toEqual(sample);
    // The sample was also the base from which a stall is dated.
    expect(utilization.activeSinceBase()).toBeLessThan(sample.active);
  }, 30_000);

  test('that cannot send a sample counts that, and tries the next one', async (context) => {
    const { samples, failures } = sampling(context, (sample) => {
      if (sample.failures !== undefined) {
        throw new Error('a port that fails');
      }
    });
    await expect.poll(() => samples.length, fewSeconds).toBeGreaterThan(0);
    expect(failures).toEqual(['sampler']);
  }, 30_000);

  test('ends when it is stopped', async (context) => {
    const first = sampling(context);
    first.stop();
    const second = sampling(context);
    await expect.poll(() => second.samples.length, fewSeconds).toBeGreaterThan(0);
    expect(first.samples).toEqual([]);
  }, 30_000);
});
