// What the outlet that evaluates alerts tells the agent of them.
import type { Alert, AlertSeverity } from '../shared/alert.ts';

/** `delivered`; `failed`, refused or given up; `dropped`, pushed out of a full queue by newer ones. */
export type NotificationOutcome = 'delivered' | 'failed' | 'dropped';

export interface AlertSink {
  /** Alerts that an agent thread before this one of the same process had found firing. */
  readonly firing: readonly Alert[];
  /** There is such an alert: it is shown as 0 while it does not fire. */
  watched(name: string, severity: AlertSeverity): void;
  /** It has begun to fire, or is resolved: counted, and told to the application's listeners. */
  changed(alert: Alert): void;
  /** What became of so many notifications to a receiver. */
  notified(receiver: string, outcome: NotificationOutcome, times: number): void;
}
