// Where notifications go, each kind in its own form.
import { writeSync } from 'node:fs';
import type { Alert } from '@loopscope/sdk/telemetry';
import { shownServer } from '../http/failure.ts';
import { isRetryableCode } from '../http/retry-policy.ts';
import type { Reply, Transport } from '../http/transport.ts';

export interface Receiver {
  /** As the metrics name it. */
  readonly name: 'alertmanager' | 'webhook' | 'stderr';
  /** As people may be shown it: no path, no credentials. */
  readonly place: string;
  /** How many notifications go at once. */
  readonly batch: number;
  send(alerts: readonly Alert[], timeoutMs: number, signal: AbortSignal): Promise<Reply>;
  mayRetry(reply: Reply): boolean;
  close(): void;
}

// Alertmanager resolves by itself what is not sent again until then: the process may be gone.
const expiryMs = 4 * 60_000;

/** Makes the transport at the first use: TLS takes milliseconds to load. */
export type MakeTransport = () => Transport;

/** Alertmanager's API, version 2. Of an alert that was queued twice only its latest state counts there. */
export function alertmanagerReceiver(url: URL, makeTransport: MakeTransport): Receiver {
  return httpReceiver('alertmanager', url, 64, makeTransport, (alerts) => {
    const latest = new Map(alerts.map((alert) => [alert.fingerprint, alert]));
    return Array.from(latest.values(), (alert) => ({
      ...prometheusAlert(alert),
      endsAt: new Date(alert.endsAt ?? Date.now() + expiryMs).toISOString(),
    }));
  });
}

/** A webhook, told in the form of Alertmanager's own: what takes those takes these. */
export function webhookReceiver(url: URL, makeTransport: MakeTransport): Receiver {
  return httpReceiver('webhook', url, 1, makeTransport, ([alert]) => alert && webhookBody(alert));
}

function httpReceiver(
  name: Receiver['name'],
  url: URL,
  batch: number,
  makeTransport: MakeTransport,
  bodyOf: (alerts: readonly Alert[]) => unknown,
): Receiver {
  let transport: Transport | undefined;
  return {
    name,
    place: shownServer(url),
    batch,
    send: (alerts, timeoutMs, signal) => {
      transport ??= makeTransport();
      return transport.send(Buffer.from(JSON.stringify(bodyOf(alerts))), timeoutMs, signal);
    },
    mayRetry: (reply) =>
      reply.kind === 'failed'
        ? isRetryableCode(reply.code)
        : reply.status === 408 || reply.status === 429 || reply.status >= 500,
    close: () => transport?.close(),
  };
}

/** One JSON line for each alert on standard error, written from the agent thread. */
export function standardErrorReceiver(
  write: (text: string) => void = (text) => writeSync(2, text),
): Receiver {
  return {
    name: 'stderr',
    place: 'stderr',
    batch: 1,
    send: async (alerts) => {
      try {
        for (const alert of alerts) {
          write(`${JSON.stringify(lineOf(alert))}\n`);
        }
        return { kind: 'answered', status: 200, retryAfterMs: undefined, body: Buffer.alloc(0) };
      } catch (error) {
        return { kind: 'failed', code: (error as NodeJS.ErrnoException).code ?? 'unknown' };
      }
    },
    // A pipe that is full just now; any other failure will be the same later.
    mayRetry: (reply) => reply.kind === 'failed' && reply.code === 'EAGAIN',
    close: () => {},
  };
}

function lineOf(alert: Alert): object {
  const { startsAt, endsAt, ...rest } = alert;
  return {
    time: new Date(endsAt ?? startsAt).toISOString(),
    loopscope: 'alert',
    ...rest,
    startsAt: new Date(startsAt).toISOString(),
    ...(endsAt !== undefined && { endsAt: new Date(endsAt).toISOString() }),
  };
}

interface PrometheusAlert {
  readonly labels: Alert['labels'];
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
}

function prometheusAlert({ labels, summary, value, stall, startsAt }: Alert): PrometheusAlert {
  const annotations = {
    summary: summary.toWellFormed(),
    value: String(value).toWellFormed(),
    ...(stall && {
      stall: stall.id,
      cause: stall.cause,
      advice: stall.advice.toWellFormed(),
      ...(stall.culprit !== undefined && { culprit: stall.culprit.toWellFormed() }),
      ...(stall.request !== undefined && { request: stall.request.toWellFormed() }),
      ...(stall.traceId !== undefined && { trace_id: stall.traceId }),
    }),
  };
  return { labels, annotations, startsAt: new Date(startsAt).toISOString() };
}

// Version 4 of Alertmanager's webhook form, with one alert in its group.
function webhookBody(alert: Alert): object {
  const { labels, annotations, startsAt } = prometheusAlert(alert);
  const { status, fingerprint, endsAt } = alert;
  return {
    version: '4',
    groupKey: fingerprint,
    truncatedAlerts: 0,
    status,
    receiver: 'loopscope',
    groupLabels: { alertname: labels['alertname'] },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: '',
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt,
        // As Alertmanager has it where there is none.
        endsAt: endsAt === undefined ? '0001-01-01T00:00:00Z' : new Date(endsAt).toISOString(),
        generatorURL: '',
        fingerprint,
      },
    ],
  };
}
