// What a rule is, before it is written for Prometheus or for Grafana's own alerting.

/** How the generator wants expressions: window lengths, and what stands for a recording rule. */
export interface RuleContext {
  /** A span as PromQL writes it; tests shorten all spans alike. */
  readonly span: (seconds: number) => string;
  /** A number of seconds that is compared with; tests shorten it like the spans. */
  readonly seconds: (seconds: number) => number;
  /** The recording's name, or its expression where nothing records it. */
  readonly recorded: (recording: Recording) => string;
  /** The recording averaged over a span. */
  readonly averaged: (recording: Recording, seconds: number) => string;
  /** The recording as it was that long ago; nothing where nothing was. */
  readonly earlier: (recording: Recording, seconds: number) => string;
}

export interface Recording {
  /** As Prometheus advises: level, metric, operation. */
  readonly record: string;
  readonly expression: (context: RuleContext) => string;
}

export type Severity = 'critical' | 'warning';

export interface Alert {
  readonly name: string;
  /** `critical` wakes somebody; `warning` waits for working hours. */
  readonly severity: Severity;
  readonly expression: (context: RuleContext) => string;
  readonly forSeconds: number;
  /** When it fires, in words and with its figures; the runbook says the same, held equal by a test. */
  readonly firesWhen: string;
  /** One line; Prometheus fills in `{{ $labels.… }}` and `{{ $value }}`. */
  readonly summary: string;
  /** What it means for users, and what to look at. */
  readonly description: string;
  /** The dashboard to open. */
  readonly dashboard: 'loopscope-fleet' | 'loopscope-stalls' | 'loopscope-instance' | 'loopscope-agent';
}
