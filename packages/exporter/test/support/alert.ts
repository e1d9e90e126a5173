import type { Alert } from '@loopscope/sdk/telemetry';

/** An alert that fires, but for the changes. */
export function alert(changes: Partial<Alert> = {}): Alert {
  return {
    status: 'firing',
    name: 'blocked',
    severity: 'critical',
    fingerprint: '0123456789abcdef',
    labels: { alertname: 'blocked', severity: 'critical', job: 'shop', instance: 'a:1', thread: 'main' },
    summary: 'The event loop of main was blocked for 1.5 s',
    value: 1500,
    startsAt: Date.parse('2026-11-22T12:00:00Z'),
    ...changes,
  };
}
