// What the runner's children tell it over their channel.
import type { LatencySummary } from './latency-summary.ts';

/** The service takes requests. */
export interface ListeningMessage {
  readonly kind: 'listening';
  readonly port: number;
}

/** How a spell of load went; `requests` are those that were answered. */
export interface LoadSummary extends LatencySummary {
  readonly kind: 'summary';
  readonly failures: number;
}
