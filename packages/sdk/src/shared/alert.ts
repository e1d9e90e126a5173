// An alert as it is told: plain, immutable data that may cross threads and leave as JSON.

/** How bad it is; what each means is for whoever is called. */
export type AlertSeverity = 'info' | 'warning' | 'critical';

/** One condition that holds, or held, for one series: `firing` when it begins, `resolved` when it ends. */
export interface Alert {
  /** `firing` as its condition begins to hold, `resolved` as it is seen to be over. */
  readonly status: 'firing' | 'resolved';
  /** The condition's name. */
  readonly name: string;
  /** As the condition says. */
  readonly severity: AlertSeverity;
  /** Equal for the same name and labels: one alert fires once, however often its condition is met. */
  readonly fingerprint: string;
  /** `alertname`, `severity`, `job`, `instance`, and what tells the series apart, such as `thread`. */
  readonly labels: Readonly<Record<string, string>>;
  /** One line for people. */
  readonly summary: string;
  /** What was found when the alert began to fire, or last. */
  readonly value: number | string;
  /** When the condition began to hold: Unix milliseconds. */
  readonly startsAt: number;
  /** When it was seen to be over: Unix milliseconds; absent while it fires. */
  readonly endsAt?: number;
  /** Of the stall that a condition on stalls found: its id in `/stalls`, and what was known of it. */
  readonly stall?: AlertStall;
}

/** The stall that an alert tells of. */
export interface AlertStall {
  /** As in `/stalls`. */
  readonly id: string;
  /** Milliseconds; its age where it was still open. */
  readonly durationMs: number;
  /** As `Phase` names it. */
  readonly phase: string;
  /** The verdict so far; final where the alert is resolved. */
  readonly cause: string;
  /** What to do about it, in a sentence. */
  readonly advice: string;
  /** Function, file and line to blame, such as `priceOrders /srv/app/orders.js:12`. */
  readonly culprit?: string;
  /** The request in hand: method and route template. */
  readonly request?: string;
  /** Of the span that was blocked: 32 hexadecimal digits. */
  readonly traceId?: string;
}

/** Whether it may be taken for an alert: what arrives from another thread is looked at first. */
export function isAlert(value: unknown): value is Alert {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const { status, fingerprint } = value as { status?: unknown; fingerprint?: unknown };
  return (status === 'firing' || status === 'resolved') && typeof fingerprint === 'string';
}
