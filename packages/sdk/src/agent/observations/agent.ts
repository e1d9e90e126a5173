// What the agent says of itself.
import { limitedFeatures, ownParts } from '../../shared/own-time.ts';
import type { ObservationParts, Observe } from './parts.ts';

export function observeAgent({ counts, ownSchedule, threads }: ObservationParts, observe: Observe): void {
  const own = ownSchedule.read();
  observe('loopscope.agent.cpu.time', own && own.runMs / 1000);
  for (const { identity, readings } of threads()) {
    const { ownTime, limited = [] } = readings.latest ?? {};
    for (const part of ownParts) {
      const seconds = ownTime && ownTime[part] / 1000;
      observe('loopscope.agent.thread.time', seconds, { part, thread: identity.name });
    }
    if (identity.id === 0 && readings.latest !== undefined) {
      for (const feature of limitedFeatures) {
        observe('loopscope.agent.limited', limited.includes(feature) ? 1 : 0, { feature });
      }
    }
  }
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
