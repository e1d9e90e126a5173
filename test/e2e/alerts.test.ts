// Alerts leave while the loop is blocked, once as they fire and once as they are resolved, whatever the
// servers do that are to take them; and the process is none the worse for it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasAlertmanager, startAlertmanager } from '../harness/alertmanager.ts';
import { freePort, startApp } from '../harness/app.ts';
import { hangs, startCollector } from '../harness/collector.ts';
import { expectSameConduct } from '../harness/conduct.ts';
import { fixture } from '../harness/fixture.ts';
import { supportedNodes } from '../harness/nodes.ts';
import { run } from '../harness/run.ts';
import { scrape } from '../harness/scrape.ts';
import { temporaryFolder } from '../harness/temporary-folder.ts';
import { until } from '../harness/until.ts';
import { startWebhook } from '../harness/webhook.ts';

const blocked = {
  name: 'blocked',
  stall: 'durationMs',
  operator: '>=',
  value: 1000,
  severity: 'critical',
  keepFiringForMs: 0,
};

/** How the program's own clock saw its block. */
async function blockedFor(app: { printed(pattern: RegExp): Promise<RegExpExecArray> }): Promise<{
  readonly startedAt: number;
  readonly durationMs: number;
}> {
  const [line] = await app.printed(/\{"kind".*\}/);
  return JSON.parse(line) as { startedAt: number; durationMs: number };
}

describe.each(supportedNodes)('on Node $name', (node) => {
  test('a block of 3 s is told to a webhook while it lasts, and once more when it is over', async () => {
    await using hook = await startWebhook();
    await using app = await startApp({
      node,
      args: [fixture('blocks/app.mjs')],
      env: {
        LOOPSCOPE_ALERTS: JSON.stringify([blocked, { ...blocked, name: 'longer', value: 60_000 }]),
        LOOPSCOPE_ALERT_WEBHOOK_URL: `${hook.url}/alerts?key=a`,
        LOOPSCOPE_ALERT_WEBHOOK_HEADERS: 'authorization=Bearer%20hunter2',
        OTEL_SERVICE_NAME: 'shop',
      },
    });
    app.tell('cpu-loop 3000');
    await until('the alert fires', () => hook.told.length > 0);
    const during = await scrape(app.url);
    expect(app.stdout()).not.toContain('kind');
    expect(during.sum('loopscope_alert_active', { alert: 'blocked', severity: 'critical' })).toBe(1);
    expect(during.sum('loopscope_alert_active', { alert: 'longer' })).toBe(0);
    const { startedAt, durationMs } = await blockedFor(app);
    await until('the alert is resolved', () => hook.told.length > 1);
    expect(hook.statuses('blocked')).toEqual(['firing', 'resolved']);
    const [fired, resolved] = hook.told;
    expect(fired?.at).toBeGreaterThan(startedAt + 950);
    expect(fired?.at).toBeLessThan(startedAt + durationMs);
    expect(resolved?.at).toBeGreaterThanOrEqual(startedAt + durationMs - 5);
    expect(fired).toMatchObject({
      path: '/alerts?key=a',
      headers: { authorization: 'Bearer hunter2', 'content-type': 'application/json' },
      labels: { alertname: 'blocked', severity: 'critical', job: 'shop', thread: 'main' },
      annotations: { culprit: expect.stringContaining('priceOrders') },
    });
    const after = await scrape(app.url);
    expect(after.sum('loopscope_alert_active', { alert: 'blocked' })).toBe(0);
    const counted = { receiver: 'webhook', outcome: 'delivered' };
    expect(after.sum('loopscope_alert_notifications_total', counted)).toBe(2);
    expect(app.stderr()).not.toMatch(/hunter2|key=a/);
  });

  test.skipIf(!hasAlertmanager)('an Alertmanager (where it is installed) has it while it lasts', async () => {
    await using hook = await startWebhook();
    await using manager = await startAlertmanager(hook.url);
    await using app = await startApp({
      node,
      args: [fixture('blocks/app.mjs')],
      env: { LOOPSCOPE_ALERTS: JSON.stringify([blocked]), LOOPSCOPE_ALERTMANAGER_URL: manager.url },
    });
    app.tell('cpu-loop 2500');
    const [alert] = await until('Alertmanager lists the alert', async () => {
      const alerts = await manager.alerts();
      return alerts.length > 0 && alerts;
    });
    expect(app.stdout()).not.toContain('kind');
    expect(alert).toMatchObject({
      labels: { alertname: 'blocked', severity: 'critical', thread: 'main' },
      annotations: { culprit: expect.stringContaining('priceOrders') },
      status: { state: 'active' },
    });
    // It ends by itself where the process dies.
    const aheadMs = Date.parse(alert?.endsAt ?? '') - Date.now();
    expect(aheadMs).toBeGreaterThan(60_000);
    expect(aheadMs).toBeLessThan(300_000);
    const { startedAt, durationMs } = await blockedFor(app);
    await until('Alertmanager tells that it is resolved', () => hook.told.length > 1);
    expect(await manager.alerts()).toEqual([]);
    expect(hook.statuses('blocked')).toEqual(['firing', 'resolved']);
    expect(hook.told[0]?.at).toBeLessThan(startedAt + durationMs);
  });

  test('a webhook that was down, and then answers 500 and 429, has it in the end, once each', async () => {
    const port = await freePort();
    const brief = { ...blocked, value: 300, name: 'brief' };
    await using app = await startApp({
      node,
      args: [fixture('blocks/app.mjs')],
      env: {
        LOOPSCOPE_ALERTS: JSON.stringify([brief]),
        LOOPSCOPE_ALERT_WEBHOOK_URL: `http://user:hunter2@127.0.0.1:${port}/secret`,
      },
    });
    app.tell('cpu-loop 600');
    await until('the failure is said', () => app.stderr().includes("alerts can't be sent to"));
    expect(app.stderr()).toContain(
      `loopscope: alerts can't be sent to http://127.0.0.1:${port}: nothing listens there (ECONNREFUSED); it is tried again\n`,
    );
    expect(app.stderr()).not.toMatch(/hunter2|secret/);
    await blockedFor(app);
    await using hook = await startWebhook(
      [
        (response) => response.writeHead(500).end(),
        (response) => response.writeHead(429, { 'retry-after': '1' }).end(),
      ],
      port,
    );
    await until('both are taken', () => hook.statuses('brief').length > 1, { capMs: 30_000 });
    expect(hook.statuses('brief')).toEqual(['firing', 'resolved']);
    expect(hook.told.map(({ status }) => status)).toEqual(['firing', 'firing', 'firing', 'resolved']);
  });

  test('a suspended process does not alert, and does so again once it is blocked', async () => {
    await using hook = await startWebhook();
    const alerts = [
      blocked,
      { ...blocked, name: 'age', stall: undefined, metric: 'loopscope.eventloop.stall.age', value: 0.5 },
      { ...blocked, name: 'later', stall: undefined, metric: 'process.uptime', value: 0, forMs: 3600_000 },
    ];
    await using app = await startApp({
      node,
      args: [fixture('blocks/app.mjs')],
      env: { LOOPSCOPE_ALERTS: JSON.stringify(alerts), LOOPSCOPE_ALERT_WEBHOOK_URL: hook.url },
    });
    app.signal('SIGSTOP');
    const stoppedAt = performance.now();
    await until('it has stood still for long', () => performance.now() > stoppedAt + 2500, { everyMs: 100 });
    app.signal('SIGCONT');
    await until('the suspension is counted', async () => {
      return (await scrape(app.url)).sum('loopscope_process_suspensions_total') === 1;
    });
    app.tell('cpu-loop 1300');
    await until('a block is told', () => hook.told.length > 0);
    const { startedAt } = await blockedFor(app);
    expect(hook.told[0]?.labels['alertname']).toBe('blocked');
    expect(hook.told[0]?.at).toBeGreaterThan(startedAt);
  });

  test('the handle is told when the loop turns again; a listener that throws disturbs nobody', async () => {
    const ending = await run({ node, args: [fixture('alerts/listens.mjs')] });
    expect(ending).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: 'free again\nfiring blocked true\nresolved blocked true\n',
    });
  });

  test('a file of conditions is read; a bad one is said and left out alone, and stderr serves where no server is', async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'alerts.json'),
      JSON.stringify([
        { ...blocked, value: 300, name: 'brief' },
        { ...blocked, operator: '=>' },
      ]),
    );
    await using app = await startApp({
      node,
      args: [fixture('blocks/app.mjs')],
      cwd: folder,
      env: { LOOPSCOPE_ALERTS: 'alerts.json' },
    });
    expect(app.stderr()).toContain(
      'loopscope: LOOPSCOPE_ALERTS[1].operator: received "=>", expected one of > >= < <= == !=; this condition is left out\n',
    );
    app.tell('cpu-loop 700');
    const lines = await until('both lines are written', () => {
      const found = app.stderr().match(/^\{"time".*$/gm);
      return found !== null && found.length > 1 && found;
    });
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { loopscope: 'alert', status: 'firing', name: 'brief', labels: { thread: 'main' } },
      { loopscope: 'alert', status: 'resolved', name: 'brief', value: expect.any(Number) },
    ]);
  });

  test.each(['exit/exit-within-block.mjs', 'exit/kill-within-block.mjs', 'exit/throw-within-block.mjs'])(
    '%s ends as without, though the alert is still on its way',
    async (program) => {
      await using server = await startCollector(hangs);
      const env = {
        LOOPSCOPE_ALERTS: JSON.stringify([{ ...blocked, value: 20 }]),
        LOOPSCOPE_STALL_THRESHOLD_MS: '20',
        LOOPSCOPE_ALERT_WEBHOOK_URL: server.url,
        LOOPSCOPE_ALERTMANAGER_URL: server.url,
      };
      await expectSameConduct(
        { node, args: [fixture(program)], env },
        { timed: program.includes('exit-within') },
      );
    },
  );
});
