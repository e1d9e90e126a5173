// Which alerts fire, and what became of their notifications: kept for the metrics, and passed on to the
// application's thread, which hands it to the next agent thread if this one should crash.
import type { Alert, AlertSeverity } from '../shared/alert.ts';
import type { AlertSink, NotificationOutcome } from '../telemetry/alert-sink.ts';

interface Watched {
  readonly name: string;
  readonly severity: AlertSeverity;
  readonly firing: Set<string>;
}

export class AlertBook implements AlertSink {
  readonly firing: readonly Alert[];
  readonly #told: (alert: Alert) => void;
  readonly #watched = new Map<string, Watched>();
  readonly #notifications = new Map<string, { receiver: string; outcome: string; times: number }>();

  constructor(firing: readonly Alert[], told: (alert: Alert) => void) {
    this.firing = firing;
    this.#told = told;
  }

  watched(name: string, severity: AlertSeverity): void {
    const before = this.firing.filter((alert) => alert.name === name && alert.severity === severity);
    const firing = new Set(before.map(({ fingerprint }) => fingerprint));
    this.#watched.set(`${severity} ${name}`, { name, severity, firing });
  }

  changed(alert: Alert): void {
    const firing = this.#watched.get(`${alert.severity} ${alert.name}`)?.firing;
    if (alert.status === 'firing') {
      firing?.add(alert.fingerprint);
    } else {
      firing?.delete(alert.fingerprint);
    }
    this.#told(alert);
  }

  notified(receiver: string, outcome: NotificationOutcome, times: number): void {
    const key = `${receiver} ${outcome}`;
    const entry = this.#notifications.get(key) ?? { receiver, outcome, times: 0 };
    entry.times += times;
    this.#notifications.set(key, entry);
  }

  /** Each alert that there is, with the number of its series that fire. */
  *active(): Iterable<{ readonly name: string; readonly severity: string; readonly count: number }> {
    for (const { name, severity, firing } of this.#watched.values()) {
      yield { name, severity, count: firing.size };
    }
  }

  notifications(): Iterable<{ readonly receiver: string; readonly outcome: string; readonly times: number }> {
    return this.#notifications.values();
  }
}
