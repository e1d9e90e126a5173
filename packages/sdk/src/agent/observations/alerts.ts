// The alerts that the agent evaluates itself.
import type { ObservationParts, Observe } from './parts.ts';

export function observeAlerts({ alerts }: ObservationParts, observe: Observe): void {
  for (const { name, severity, count } of alerts.active()) {
    observe('loopscope.alert.active', count, { alert: name, severity });
  }
  for (const { receiver, outcome, times } of alerts.notifications()) {
    observe('loopscope.alert.notifications', times, { receiver, outcome });
  }
}
