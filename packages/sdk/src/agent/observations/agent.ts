// What the agent says of itself.
import type { ObservationParts, Observe } from './parts.ts';

export function observeAgent({ counts, ownSchedule }: ObservationParts, observe: Observe): void {
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
