// Stalls in progress and time lost to all of them, the present ones included.
import type { Stall, ThreadIdentity } from '../../shared/stall.ts';
import type { Attributes } from '../../telemetry/telemetry-source.ts';
import type { ObservationParts, Observe } from './parts.ts';

export function observeStalls(parts: ObservationParts, observe: Observe): void {
  const inProgress = parts.ledger.inProgress().filter(({ inspectorOpen }) => !inspectorOpen);
  for (const { identity } of parts.threads()) {
    const attributes = { thread: identity.name };
    const stall = inProgress.find(({ thread }) => thread.id === identity.id);
    observe('loopscope.eventloop.stall.active', stall === undefined ? 0 : 1, attributes);
    observe('loopscope.eventloop.stall.age', (stall?.durationMs ?? 0) / 1000, attributes);
    observeVictims(parts, identity, stall, observe);
  }
  observeTime(parts, inProgress, observe);
  for (const { attributes, ms } of parts.culprits.entries()) {
    observe('loopscope.eventloop.stall.culprit.time', ms / 1000, attributes);
  }
  observe('loopscope.process.suspensions', parts.counts.suspensions);
  observe('loopscope.process.suspension.time', parts.counts.suspendedMs / 1000);
}

function observeVictims(
  { ledger, rising }: ObservationParts,
  thread: ThreadIdentity,
  stall: Stall | undefined,
  observe: Observe,
): void {
  const { requests, lostMs } = ledger.victims(thread);
  const attributes = { thread: thread.name };
  const counted = requests + (stall?.victims.requests ?? 0);
  const lost = (lostMs + (stall?.victims.lostMs ?? 0)) / 1000;
  observe('loopscope.eventloop.stall.requests', rising.show(`requests ${thread.id}`, counted), attributes);
  observe('loopscope.eventloop.stall.requests.time', rising.show(`lost ${thread.id}`, lost), attributes);
}

function observeTime(
  { ledger, rising, threads }: ObservationParts,
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
  // There from the start: a rate can't see the value with which a series first appears.
  for (const { identity } of threads()) {
    add(identity.name, 'running', 0);
  }
  for (const { thread, phase, ms } of ledger.totals()) {
    add(thread.name, phase, ms);
  }
  for (const { thread, phase, durationMs } of inProgress) {
    add(thread.name, phase, durationMs);
  }
  for (const [key, { value, attributes }] of totals) {
    observe('loopscope.eventloop.stall.time', rising.show(key, value), attributes);
  }
}
