import { monitorEventLoopDelay } from 'node:perf_hooks';
import { MessageChannel } from 'node:worker_threads';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { AlertBook } from '../../src/agent/alert-book.ts';
import { CulpritTimes } from '../../src/agent/culprit-times.ts';
import {
  type Counts,
  histogramObservations,
  type ObservationParts,
  observations,
} from '../../src/agent/observations.ts';
import { Rising } from '../../src/agent/rising.ts';
import { SourceMapper } from '../../src/agent/source-maps.ts';

import { type OpenStall, StallLedger } from '../../src/agent/stall-ledger.ts';
import { SystemReadings } from '../../src/agent/system/system-readings.ts';
import { Tally } from '../../src/agent/tally.ts';
import { ownSchedulePath, ThreadScheduleReader } from '../../src/agent/thread-schedule.ts';
import { WatchedThread } from '../../src/agent/watched-thread.ts';
import { OwnTime } from '../../src/main/own-time.ts';
import { startSampler } from '../../src/main/sampler.ts';
import { Utilization } from '../../src/main/utilization.ts';
import { monotonicNow } from '../../src/shared/clock.ts';
import type { Leak } from '../../src/shared/leak.ts';
import { type SampleMessage, wireVersion } from '../../src/shared/messages.ts';
import { createThreadWords } from '../../src/shared/shared-words.ts';
import type { TasksReading } from '../../src/shared/tasks.ts';
import { catalogue, type MetricName } from '../../src/telemetry/catalogue.ts';
import type { MetricDefinition } from '../../src/telemetry/metric-definition.ts';
import type { HistogramObservation, Observation } from '../../src/telemetry/telemetry-source.ts';
import { noEvidence, noFindings } from '../support/no-evidence.ts';
import { limitedSystem } from './system/recorded-files.ts';

const observable: readonly MetricDefinition[] = catalogue.filter(
  ({ instrument }) => instrument !== 'histogram',
);

// Where there are such files at all, those of a process with every limit: this one may have none.
const systemWithLimits = process.platform === 'linux' ? limitedSystem(process.pid) : {};
const tasksReading: TasksReading = {
  level: 'counts',
  promises: false,
  operations: 40,
  counts: [{ type: 'Timeout', created: 9, destroyed: 2, live: 7 }],
};

const leak: Leak = {
  kind: 'task',
  type: 'Timeout',
  thread: 'main',
  since: 0,
  evidence: { from: 100, to: 300, rises: 5, windowSeconds: 60, collections: 3, perMinute: 40 },
  census: 'none',
  sites: [],
};

/** What the agent knows of this process: one thread, which is watched. */
class Known {
  now = monotonicNow();
  readonly ledger = new StallLedger({ now: () => this.now, publish: () => {} });
  readonly counts: Counts = {
    captures: new Tally(),
    failures: new Tally(),
    dropped: new Tally(),
    suspensions: 2,
    suspendedMs: 3500,
    starts: 1,
  };
  readonly alerts = new AlertBook([], () => {});
  readonly culprits = new CulpritTimes();
  readonly thread: WatchedThread;
  readonly #histogram = monitorEventLoopDelay({ resolution: 25 });
  readonly #rising = new Rising();
  readonly #ownSchedule = new ThreadScheduleReader(ownSchedulePath);
  readonly #channel = new MessageChannel();
  readonly #system = new SystemReadings({ now: () => this.now, ...systemWithLimits });

  constructor() {
    this.thread = new WatchedThread(
      {
        version: wireVersion,
        kind: 'join',
        thread: { id: 0, name: 'main' },
        heartbeat: this.#histogram,
        heartbeatMs: 25,
        // Younger than this it would have no shares of time.
        since: this.now - 1,
        port: this.#channel.port2,
        words: createThreadWords(),
        inspectorOpen: false,
        taskId: process.pid,
        captures: false,
        sourceMaps: false,
        ownScript: 'file:///srv/register.js',
        tasks: { sparesPromises: true },
      },
      {
        thresholdMs: 100,
        ledger: this.ledger,
        mapper: new SourceMapper({ ask: () => {}, debug: () => {} }),
        evidence: noEvidence,
        poolSaturated: () => false,
        interrupt: () => expect.fail('there is no inspector'),
        exiting: () => false,
        captured: () => {},
        collected: () => {},
        failed: (part) => expect.fail(`${part} failed`),
        sampled: () => {},
        censusEnded: () => {},
        stallEnded: () => {},
        debug: () => {},
      },
    );
  }

  add(sample: SampleMessage): void {
    this.thread.readings.add(sample);
    if (sample.tasks !== undefined) {
      this.thread.tasks.add(sample.tasks, sample.at);
    }
  }

  /** The heartbeat has never ticked: what is watched is a boot that goes on and on. */
  blockFor(ms: number): void {
    this.now += ms;
    this.thread.look(this.now);
  }

  openStall(changes: Partial<OpenStall> = {}): OpenStall {
    return this.ledger.open({
      thread: this.thread.identity,
      start: this.now,
      phase: 'running',
      inspectorOpen: false,
      span: undefined,
      request: undefined,
      captures: [],
      requests: 3,
      findings: noFindings,
      ...changes,
    });
  }

  /** A stall with this culprit. */
  blame(functionName: string): void {
    const [stall] = this.ledger.list();
    const culprit = { function: functionName, file: '/srv/a.js', line: 1, column: 2, late: false };
    this.culprits.add({ ...(stall ?? expect.fail('no stall')), culprit, fingerprint: functionName });
  }

  closeStall(end: number, stall: OpenStall): void {
    this.ledger.end(stall, end);
    this.ledger.close(stall);
  }

  observe(wanted?: ReadonlySet<MetricName>): ReadonlyMap<MetricName, readonly Observation[]> {
    return observations(this.#parts(), wanted);
  }

  histograms(): ReadonlyMap<MetricName, readonly HistogramObservation[]> {
    return histogramObservations(this.#parts());
  }

  #parts(): ObservationParts {
    const { ledger, counts, alerts, thread } = this;
    return {
      threads: () => [thread],
      ledger,
      counts,
      leaks: () => [leak],
      alerts,
      ownSchedule: this.#ownSchedule,
      system: this.#system,
      threadPool: { size: 4, saturated: false },
      culprits: this.culprits,
      rising: this.#rising,
      now: () => this.now,
    };
  }

  /** The one value with these attributes. */
  value(name: MetricName, attributes: Record<string, string>): number | undefined {
    return this.observe()
      .get(name)
      ?.find((each) => Object.entries(attributes).every(([key, value]) => each.attributes[key] === value))
      ?.value;
  }
}

let sample: SampleMessage;

beforeAll(async () => {
  const stop = startSampler({
    utilization: new Utilization(),
    send: (message) => {
      sample ??= message;
    },
    tasks: () => tasksReading,
    listenerWarnings: () => 2,
    own: new OwnTime(),
    limited: () => ['tasks'],
    takeFailures: () => undefined,
    failed: (part) => expect.fail(`${part} failed`),
  });
  await vi.waitFor(() => expect(sample).toBeDefined(), { timeout: 20_000 });
  stop();
}, 30_000);

function known(): Known {
  const found = new Known();
  found.add({ ...sample, at: found.now });
  return found;
}

describe('the catalogue and what is observed', () => {
  test('have the same metrics, once everything has happened', () => {
    const all = known();
    all.closeStall(all.now + 100, all.openStall());
    all.blame('sum');
    all.counts.captures.add('taken');
    all.counts.failures.add('otlp');
    all.counts.dropped.add('otlp', 3);
    all.blockFor(4200);
    all.alerts.watched('blocked', 'critical');
    all.alerts.notified('webhook', 'delivered', 2);
    const here = observable.filter(({ platforms }) => platforms === 'all' || platforms === process.platform);
    expect([...all.observe().keys()].sort()).toEqual(here.map(({ name }) => name).sort());
  });

  test('are the same where only one metric is asked for', () => {
    const all = known();
    all.ledger.close(all.openStall());
    all.alerts.watched('blocked', 'critical');
    for (const [name, list] of all.observe()) {
      const alone = all.observe(new Set([name]));
      expect(alone.get(name)?.map(({ attributes }) => attributes)).toEqual(
        list.map(({ attributes }) => attributes),
      );
      expect(alone.size).toBeLessThan(all.observe().size / 2);
    }
  });

  test.each(observable)('agree on the attributes of $name', ({ name, attributes }) => {
    const all = known();
    all.closeStall(all.now + 100, all.openStall());
    all.blame('sum');
    all.counts.captures.add('taken');
    all.counts.failures.add('otlp');
    all.counts.dropped.add('otlp', 3);
    all.blockFor(4200);
    all.alerts.watched('blocked', 'critical');
    all.alerts.notified('webhook', 'delivered', 2);
    const list = all.observe().get(name as MetricName) ?? [];
    for (const observation of list) {
      expect(Object.keys(observation.attributes).sort()).toEqual(Object.keys(attributes).sort());
      expect(Number.isFinite(observation.value)).toBe(true);
    }
    const series = list.map((each) => JSON.stringify(each.attributes));
    expect(new Set(series).size).toBe(series.length);
  });
});

test('each histogram that the agent keeps itself is given with the buckets and attributes of the catalogue', () => {
  const all = known();
  const aggregated: readonly MetricDefinition[] = catalogue.filter((each) => 'aggregated' in each);
  const found = all.histograms();
  expect([...found.keys()].sort()).toEqual(aggregated.map(({ name }) => name).sort());
  for (const { name, attributes, buckets } of aggregated) {
    for (const series of found.get(name as MetricName) ?? []) {
      expect(Object.keys(series.attributes).sort()).toEqual(Object.keys(attributes).sort());
      expect(series.counts).toHaveLength((buckets?.length ?? 0) + 1);
    }
  }
});

test('before the first sample only what needs none is observed', () => {
  const names = [...new Known().observe().keys()];
  expect(names).toContain('loopscope.eventloop.stall.active');
  expect(names).toContain('process.memory.usage');
  expect(names).not.toContain('nodejs.eventloop.utilization');
  expect(names).not.toContain('v8js.memory.heap.used');
});

describe('a stall in progress', () => {
  test('is shown at its age, in every metric that tells of time', () => {
    const all = known();
    all.blockFor(4200);
    expect(all.value('loopscope.eventloop.stall.active', {})).toBe(1);
    expect(all.value('loopscope.eventloop.stall.age', {})).toBeCloseTo(4.2);
    expect(all.value('loopscope.eventloop.stall.time', { phase: 'startup' })).toBeCloseTo(4.2);
    expect(all.value('nodejs.eventloop.delay.max', {})).toBeCloseTo(4.2);
    expect(all.value('nodejs.eventloop.delay.p50', {})).toBeCloseTo(2.1, 1);
    expect(all.value('loopscope.eventloop.delay.explained', {})).toBeCloseTo(4200 / (sample.active + 4200));
    const [delay] = all.histograms().get('loopscope.eventloop.delay') ?? [];
    expect(delay?.counts).toEqual([0, 0, 0, 0, 1, 2, 5, 15, 25, 50, 150, 170, 0, 0]);
    expect(delay?.sum).toBeCloseTo(4.2 ** 2 / 0.02, -1);
    const activeSeconds = all.value('nodejs.eventloop.time', { 'nodejs.eventloop.state': 'active' });
    expect(activeSeconds).toBeCloseTo(sample.active / 1000 + 4.2);
    all.blockFor(60_000);
    expect(all.value('nodejs.eventloop.utilization', {})).toBeCloseTo(1);
  });

  test('adds to those before it, by phase', () => {
    const all = known();
    all.closeStall(all.now + 1000, all.openStall());
    all.closeStall(all.now + 2000, all.openStall({ phase: 'startup' }));
    all.openStall();
    all.now += 500;
    expect(all.value('loopscope.eventloop.stall.time', { phase: 'running' })).toBeCloseTo(1.5);
    expect(all.value('loopscope.eventloop.stall.time', { phase: 'startup' })).toBeCloseTo(2);
  });

  test('is in no metric while a debugger port is open', () => {
    const all = known();
    all.openStall({ inspectorOpen: true });
    all.now += 500;
    expect(all.value('loopscope.eventloop.stall.active', {})).toBe(0);
    expect(all.value('loopscope.eventloop.stall.age', {})).toBe(0);
    // The series of serving time is there from the start, so that a rate sees the first stall.
    expect(all.value('loopscope.eventloop.stall.time', { phase: 'running' })).toBe(0);
    expect(all.value('loopscope.eventloop.stall.time', { phase: 'startup' })).toBeUndefined();
  });

  test('of another thread is not shown for this one', () => {
    const all = known();
    all.openStall({ thread: { id: 3, name: 'worker 3' } });
    expect(all.value('loopscope.eventloop.stall.active', { thread: 'main' })).toBe(0);
  });
});

describe('values are in base units', () => {
  test('of time', () => {
    const all = known();
    const { active, idle, cpu } = sample;
    expect(all.value('nodejs.eventloop.time', { 'nodejs.eventloop.state': 'active' })).toBeCloseTo(
      active / 1000,
    );
    expect(all.value('nodejs.eventloop.time', { 'nodejs.eventloop.state': 'idle' })).toBeCloseTo(idle / 1000);
    expect(all.value('loopscope.thread.cpu.time', {})).toBeCloseTo((cpu ?? Number.NaN) / 1000);
    expect(all.value('loopscope.process.suspension.time', {})).toBe(3.5);
    const { user } = process.cpuUsage();
    expect(all.value('process.cpu.time', { 'cpu.mode': 'user' })).toBeGreaterThanOrEqual(user / 1e6);
    expect(all.value('process.uptime', {})).toBeLessThanOrEqual(process.uptime());
  });

  test('of memory', () => {
    const all = known();
    for (const { name, size, used, available, physical } of sample.heapSpaces) {
      const space = { 'v8js.heap.space.name': name };
      expect(all.value('v8js.memory.heap.space.size', space)).toBe(size);
      expect(all.value('v8js.memory.heap.used', space)).toBe(used);
      expect(all.value('v8js.memory.heap.space.available_size', space)).toBe(available);
      expect(all.value('v8js.memory.heap.space.physical_size', space)).toBe(physical);
    }
    expect(all.value('loopscope.memory.external', {})).toBe(sample.externalBytes);
    expect(all.value('process.memory.usage', {})).toBeGreaterThan(1e6);
  });

  test('of what is counted', () => {
    const all = known();
    all.counts.captures.add('late', 2);
    all.counts.dropped.add('otlp', 3);
    expect(all.value('loopscope.agent.captures', { outcome: 'late' })).toBe(2);
    expect(all.value('loopscope.agent.dropped', { exporter: 'otlp' })).toBe(3);
    expect(all.value('loopscope.process.suspensions', {})).toBe(2);
    expect(all.value('loopscope.agent.starts', {})).toBe(1);
    expect(all.value('loopscope.eventloop.iterations', {})).toBe(sample.iterations);
    expect(all.value('loopscope.eventloop.events', {})).toBe(sample.events);
    expect(all.value('loopscope.eventloop.events.waiting', {})).toBe(sample.eventsWaiting);
    for (const [type, count] of Object.entries(sample.resources ?? {})) {
      expect(all.value('v8js.resource.active', { 'v8js.resource.type': type })).toBe(count);
    }
  });
});

test('a reading that is no number is left out', () => {
  const all = known();
  all.add({ ...sample, at: all.now + 1000, externalBytes: Number.NaN, events: Number.POSITIVE_INFINITY });
  const names = [...all.observe().keys()];
  expect(names).not.toContain('loopscope.memory.external');
  expect(names).not.toContain('loopscope.eventloop.events');
  expect(names).toContain('loopscope.eventloop.iterations');
});
