// The present value of every observable metric of the catalogue, read on the agent thread at the
// moment of a collection. Nothing is reset by a read. What has no value is left out.
import type { Monotonic } from '../shared/clock.ts';
import type { SampleMessage } from '../shared/messages.ts';
import type { Stall } from '../shared/stall.ts';
import type { MetricName } from '../telemetry/catalogue.ts';
import type { Attributes, Observation } from '../telemetry/telemetry-source.ts';
import type { Rising } from './rising.ts';
import type { StallLedger } from './stall-ledger.ts';
import type { Tally } from './tally.ts';
import type { ThreadScheduleReader } from './thread-schedule.ts';
import type { WatchedThread } from './watched-thread.ts';

/** What the agent counts of itself and of the process. */
export interface Counts {
  readonly captures: Tally;
  readonly failures: Tally;
  readonly dropped: Tally;
  suspensions: number;
  suspendedMs: number;
  readonly starts: number;
}

export interface ObservationParts {
  readonly threads: () => Iterable<WatchedThread>;
  readonly ledger: StallLedger;
  readonly counts: Counts;
  readonly ownSchedule: ThreadScheduleReader;
  /** Keeps what was shown of stalls in progress from falling. */
  readonly rising: Rising;
  readonly now: () => Monotonic;
}

type Observe = (name: MetricName, value: number | undefined, attributes?: Attributes) => void;

export function observations(parts: ObservationParts): ReadonlyMap<MetricName, readonly Observation[]> {
  const found = new Map<MetricName, Observation[]>();
  const observe: Observe = (name, value, attributes = {}) => {
    if (value === undefined || !Number.isFinite(value)) {
      return;
    }
    const list = found.get(name) ?? [];
    list.push({ value, attributes });
    found.set(name, list);
  };
  const now = parts.now();
  const inProgress = parts.ledger.inProgress();
  for (const thread of parts.threads()) {
    observeThread(thread, inProgress, now, observe);
  }
  observeStallTime(parts, inProgress, observe);
  observeProcess(observe);
  observeAgent(parts, observe);
  return found;
}

function observeThread(
  thread: WatchedThread,
  stalls: readonly Stall[],
  now: Monotonic,
  observe: Observe,
): void {
  const attributes = { thread: thread.identity.name };
  const stall = stalls.find((each) => each.thread.id === thread.identity.id && !each.inspectorOpen);
  observe('loopscope.eventloop.stall.active', stall === undefined ? 0 : 1, attributes);
  observe('loopscope.eventloop.stall.age', (stall?.durationMs ?? 0) / 1000, attributes);
  const { latest, resources } = thread.readings;
  if (latest === undefined) {
    return;
  }
  const { activeMs, idleMs, utilization } = thread.readings.loopTime(now, thread.blockedSince);
  observe('nodejs.eventloop.utilization', utilization, attributes);
  observe('nodejs.eventloop.time', activeMs / 1000, { 'nodejs.eventloop.state': 'active', ...attributes });
  observe('nodejs.eventloop.time', idleMs / 1000, { 'nodejs.eventloop.state': 'idle', ...attributes });
  observe('loopscope.eventloop.iterations', latest.iterations, attributes);
  observe('loopscope.eventloop.events', latest.events, attributes);
  observe('loopscope.eventloop.events.waiting', latest.eventsWaiting, attributes);
  observe('loopscope.thread.cpu.time', latest.cpu && latest.cpu / 1000, attributes);
  observe('loopscope.memory.external', latest.externalBytes, attributes);
  observeHeap(latest, attributes, observe);
  for (const [type, count] of Object.entries(resources ?? {})) {
    observe('v8js.resource.active', count, { 'v8js.resource.type': type, ...attributes });
  }
}

function observeHeap({ heapSpaces }: SampleMessage, thread: Attributes, observe: Observe): void {
  for (const { name, size, used, available, physical } of heapSpaces) {
    const attributes = { 'v8js.heap.space.name': name, ...thread };
    observe('v8js.memory.heap.limit', size, attributes);
    observe('v8js.memory.heap.used', used, attributes);
    observe('v8js.memory.heap.space.available_size', available, attributes);
    observe('v8js.memory.heap.space.physical_size', physical, attributes);
  }
}

function observeStallTime(
  { ledger, rising }: ObservationParts,
  inProgress: readonly Stall[],
  observe: Observe,
): void {
  const totals = new Map<string, { value: number; attributes: Attributes }>();
  const add = (thread: string, phase: string, ms: number): void => {
    const key = `${thread}\n${phase}`;
    const total = totals.get(key) ?? { value: 0, attributes: { phase, thread } };
    total.value += ms / 1000;
    totals.set(key, total);
  };
  for (const { thread, phase, ms } of ledger.totals()) {
    add(thread.name, phase, ms);
  }
  for (const { thread, phase, durationMs, inspectorOpen } of inProgress) {
    if (!inspectorOpen) {
      add(thread.name, phase, durationMs);
    }
  }
  for (const [key, { value, attributes }] of totals) {
    observe('loopscope.eventloop.stall.time', rising.show(key, value), attributes);
  }
}

function observeProcess(observe: Observe): void {
  const { user, system } = process.cpuUsage();
  observe('process.cpu.time', user / 1e6, { 'cpu.mode': 'user' });
  observe('process.cpu.time', system / 1e6, { 'cpu.mode': 'system' });
  observe('process.memory.usage', process.memoryUsage.rss());
  observe('process.uptime', process.uptime());
}

function observeAgent({ counts, ownSchedule }: ObservationParts, observe: Observe): void {
  observe('loopscope.process.suspensions', counts.suspensions);
  observe('loopscope.process.suspension.time', counts.suspendedMs / 1000);
  const own = ownSchedule.read();
  observe('loopscope.agent.cpu.time', own && own.runMs / 1000);
  observe('loopscope.agent.starts', counts.starts);
  for (const [outcome, count] of counts.captures.entries()) {
    observe('loopscope.agent.captures', count, { outcome });
  }
  for (const [part, count] of counts.failures.entries()) {
    observe('loopscope.agent.failures', count, { part });
  }
  for (const [exporter, count] of counts.dropped.entries()) {
    observe('loopscope.agent.dropped', count, { exporter });
  }
}
