// The rules on the demo, with a real Prometheus and a real Alertmanager: each fault fires the alert that
// is meant for it, and no other than those that belong to it. Windows are shortened, all alike.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alerts } from '../../grafana/rules/alerts.ts';
import { prometheusRulesText } from '../../grafana/rules/prometheus-rules.ts';
import { AlertmanagerServer, type ReceivedAlert } from '../../grafana/stack/alertmanager-server.ts';
import { driveFault } from '../../grafana/stack/drive-faults.ts';
import { alertmanagerProgram, missingPrograms, prometheusProgram } from '../../grafana/stack/programs.ts';
import { PrometheusServer } from '../../grafana/stack/prometheus-server.ts';
import { isBlocking } from '../../packages/demo-app/src/fault.ts';
import { gcPressure } from '../../packages/demo-app/src/faults/gc-pressure.ts';
import { faults } from '../../packages/demo-app/src/faults/index.ts';
import { type Service, startService } from '../../packages/demo-app/src/runner/service.ts';
import { until } from '../harness/until.ts';

const missing = missingPrograms([prometheusProgram, alertmanagerProgram]);
const timeScale = 120;
const longestFaultSeconds = 45;

interface Expected {
  readonly alert: string;
  /** What may fire with it, since the fault does that harm too. */
  readonly companions: readonly string[];
  readonly ms: number;
  readonly pauseMs: number;
  /** A leak is looked for after a while, and proven by collections of garbage. */
  readonly leaks?: boolean;
}

const blocks: Expected = {
  alert: 'LoopscopeStallsBurnFast',
  // The loop is blocked for most of the time.
  companions: ['LoopscopeLoopSaturated'],
  ms: 700,
  pauseMs: 100,
};

const leak: Partial<Expected> = {
  alert: 'LoopscopeLeakSuspected',
  // What makes the garbage may block for a moment.
  companions: ['LoopscopeStallsBurnFast', 'LoopscopeGcPressure'],
  ms: 300,
  pauseMs: 500,
  leaks: true,
};
/** With windows of a second, growth of the first five is that of a service that starts. */
const leaksAfterSeconds = 7;

/** By the fault's name; what is not listed blocks and does nothing else. */
const special: Readonly<Record<string, Partial<Expected>>> = {
  'gc-pressure': {
    alert: 'LoopscopeGcPressure',
    companions: ['LoopscopeStallsBurnFast', 'LoopscopeLoopSaturated'],
  },
  'thread-pool': { alert: 'LoopscopeThreadPoolSaturated', companions: [], ms: 2_000, pauseMs: 0 },
  'leaked-timers': leak,
  'leaked-sockets': leak,
};

describe.skipIf(missing.length > 0)(
  `the demo's faults${missing.length > 0 ? ` (${missing.join('; ')})` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'loopscope-alerts-'));
    const end = new AbortController();
    const received = new Map<string, ReceivedAlert>();
    let alertmanager: AlertmanagerServer;
    let prometheus: PrometheusServer;

    beforeAll(async () => {
      process.env['LOOPSCOPE_LEAK_WINDOW_MS'] = '1000';
      alertmanager = await AlertmanagerServer.start(folder);
      prometheus = await PrometheusServer.start({
        folder,
        rules: prometheusRulesText({ timeScale }),
        alertmanagerUrl: alertmanager.url,
      });
    });

    afterAll(async () => {
      end.abort();
      await prometheus[Symbol.asyncDispose]();
      await alertmanager[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    async function start(job: string): Promise<Service> {
      const service = await startService({ once: true, onLine: () => {} }, end.signal);
      prometheus.scrape(job, [new URL(service.agentUrl).host]);
      return service;
    }

    /** Takes the job's target away, and waits until Prometheus has noticed: its end is no news then. */
    async function leave(job: string): Promise<void> {
      prometheus.scrape(job, []);
      await until(
        'the target is gone',
        async () => (await prometheus.query(`up{job="${job}"}`)).length === 0,
      );
    }

    async function fires(alert: string, job: string): Promise<boolean> {
      for (const each of await alertmanager.alerts()) {
        received.set(JSON.stringify(each.labels), each);
      }
      return (await prometheus.alerts()).some(
        ({ labels, state }) => state === 'firing' && labels['alertname'] === alert && labels['job'] === job,
      );
    }

    /** Names of all alerts that have fired for a job. */
    async function fired(job: string): Promise<readonly string[]> {
      const samples = await prometheus.query(
        `group by (alertname) (last_over_time(ALERTS{alertstate="firing", job="${job}"}[10m]))`,
      );
      return samples.map(({ metric }) => metric['alertname'] ?? '').sort();
    }

    test.each(faults)(
      '$name fires its alert, and none but its companions',
      async (fault) => {
        const { alert, companions, ms, pauseMs, leaks = false } = { ...blocks, ...special[fault.name] };
        const service = await start(fault.name);
        try {
          if (leaks) {
            const old = `process_uptime_seconds{job="${fault.name}"} > ${leaksAfterSeconds}`;
            await until('growth is looked at', async () => (await prometheus.query(old)).length > 0, {
              capMs: 20_000,
            });
          }
          const collectGarbage = async (): Promise<void> => {
            await (await fetch(`${service.url}${gcPressure.path}?ms=150`)).arrayBuffer();
          };
          let found = false;
          await driveFault(
            service.url,
            { fault, seconds: longestFaultSeconds, ms, pauseMs },
            end.signal,
            async () => {
              found ||= await fires(alert, fault.name);
              if (leaks && !found) {
                await collectGarbage();
              }
              return found;
            },
          );
        } finally {
          await leave(fault.name);
          await service.child.stop();
        }
        const names = await fired(fault.name);
        expect(names).toContain(alert);
        expect(names.filter((name) => name !== alert && !companions.includes(name))).toEqual([]);
      },
      90_000,
    );

    test('a loop that stops, and then the process, fire theirs', async () => {
      const job = 'stops';
      const service = await start(job);
      try {
        const blocking = faults.find(isBlocking);
        const answer = fetch(`${service.url}${blocking?.path}?ms=8000`).then((response) =>
          response.arrayBuffer(),
        );
        await until('the alert of the stopped loop', () => fires('LoopscopeLoopStopped', job), {
          capMs: 20_000,
          everyMs: 200,
        });
        await answer;
      } finally {
        await service.child.stop();
      }
      await until('the alert of the missing agent', () => fires('LoopscopeAgentDown', job), {
        capMs: 20_000,
        everyMs: 200,
      });
      prometheus.scrape(job, []);
      expect(await fired(job)).toEqual(
        expect.arrayContaining(['LoopscopeAgentDown', 'LoopscopeLoopStopped']),
      );
    });

    test('a real Alertmanager has received them, in words', async () => {
      const names = new Set(
        (
          await prometheus.query('group by (alertname) (last_over_time(ALERTS{alertstate="firing"}[10m]))')
        ).map(({ metric }) => metric['alertname']),
      );
      await until('every alert has arrived', async () => {
        await fires('', '');
        const arrived = new Set([...received.values()].map(({ labels }) => labels['alertname']));
        return [...names].every((name) => arrived.has(name));
      });
      for (const { labels, annotations } of received.values()) {
        expect(labels['severity']).toBe(alerts.find(({ name }) => name === labels['alertname'])?.severity);
        // A template that fails says so in its place.
        expect(Object.values(annotations).join('\n')).not.toMatch(/\{\{|<error|<no value>/);
      }
    });
  },
);
