import type { Alert, AlertSink, OutletContext, ResolvedOptions } from '@loopscope/sdk/telemetry';
import { FakeSource } from './fake-source.ts';

/** A context that keeps what the outlets say. */
export class RecordingContext implements OutletContext {
  readonly source = new FakeSource();
  readonly sdkVersion = '1.2.3';
  readonly said: string[] = [];
  readonly debugged: string[] = [];
  readonly urls: string[] = [];
  readonly alertsChanged: Alert[] = [];
  readonly alertsWatched: string[] = [];
  /** Such as `webhook delivered`, with how often. */
  readonly notifications: Map<string, number> = new Map();
  readonly alerts: AlertSink = {
    firing: [],
    watched: (name, severity) => this.alertsWatched.push(`${severity} ${name}`),
    changed: (alert) => this.alertsChanged.push(alert),
    notified: (receiver, outcome, times) => {
      const key = `${receiver} ${outcome}`;
      this.notifications.set(key, (this.notifications.get(key) ?? 0) + times);
    },
  };
  readonly options: ResolvedOptions;

  constructor(options: Partial<ResolvedOptions> = {}) {
    this.options = {
      exporters: ['prometheus'],
      host: '127.0.0.1',
      port: 0,
      endpointConfigured: false,
      stallThresholdMs: 100,
      request: true,
      profile: false,
      tasks: 'rate',
      taskPromises: false,
      leakCensus: true,
      leakWindowMs: 60_000,
      token: undefined,
      livezStoppedMs: 30_000,
      readyzSaturated: false,
      budgetPercent: 1,
      exitFlushMs: 100,
      alerts: undefined,
      alertmanagerUrl: undefined,
      alertmanagerHeaders: {},
      alertWebhookUrl: undefined,
      alertWebhookHeaders: {},
      ...options,
    };
  }

  // Bound, since an outlet may pass them on.
  readonly listening = (url: string): void => {
    this.urls.push(url);
  };

  readonly say = (line: string): void => {
    if (!this.said.includes(line)) {
      this.said.push(line);
    }
  };

  readonly debug = (line: string): void => {
    this.debugged.push(line);
  };
}
