import type { AlertCondition, Outlet, ResolvedOptions } from '@loopscope/sdk/telemetry';
import { afterEach, describe, expect, test } from 'vitest';
import { openAlerts } from '../../src/alerts/alert-outlet.ts';
import { alert } from '../support/alert.ts';
import { closeAll, onClose, openCollector } from '../support/open-transport.ts';
import { RecordingContext } from '../support/recording-context.ts';
import { stall } from '../support/stall.ts';
import { ticks } from '../support/ticks.ts';
import { waitUntil } from '../support/wait-until.ts';

afterEach(closeAll);

const blocked: AlertCondition = {
  name: 'blocked',
  stall: 'durationMs',
  operator: '>=',
  value: 1000,
  keepFiringForMs: 0,
  to: [],
};
const busy: AlertCondition = {
  name: 'busy',
  metric: 'nodejs.eventloop.utilization',
  operator: '>',
  value: 0.9,
  keepFiringForMs: 0,
  to: [],
};

function open(
  options: Partial<ResolvedOptions>,
  context: RecordingContext = new RecordingContext(options),
): { context: RecordingContext; outlet: Outlet | undefined; errors: unknown[] } {
  const errors: unknown[] = [];
  const outlet = openAlerts({ context, environment: {}, onError: (error) => errors.push(error) });
  onClose(() => outlet?.stop());
  return { context, outlet, errors };
}

const statuses = ({ alertsChanged }: RecordingContext): string[] =>
  alertsChanged.map(({ name, status }) => `${name} ${status}`);

test('without a condition that is right there is no outlet', () => {
  expect(open({ alerts: undefined }).outlet).toBeUndefined();
  const { outlet, context } = open({ alerts: { text: '[{}]' } });
  expect(outlet).toBeUndefined();
  expect(context.said).toHaveLength(1);
});

describe('stalls', () => {
  test('are looked at as they change, and while one is open', async () => {
    const { context } = open({ alerts: [blocked] });
    const { source } = context;
    expect(source.stallListeners).toBe(1);
    source.tellStall('opened', stall({ durationMs: 100 }));
    expect(statuses(context)).toEqual([]);
    // Nobody tells of its age: it is looked at.
    source.currentStalls = [stall({ durationMs: 1100 })];
    await waitUntil(() => context.alertsChanged.length > 0, 'it fires');
    source.tellStall('closed', stall({ durationMs: 1500, state: 'closed' }));
    expect(statuses(context)).toEqual(['blocked firing', 'blocked resolved']);
    expect(context.alertsChanged[1]?.value).toBe(1500);
    expect(source.observed).toBe(0);
  });

  test('that are over before they were looked at fire and are resolved', () => {
    const { context } = open({ alerts: [blocked] });
    context.source.tellStall('closed', stall({ durationMs: 1001, state: 'closed' }));
    expect(statuses(context)).toEqual(['blocked firing', 'blocked resolved']);
  });

  test('that have ended and are not told as closed yet fire once', async () => {
    const { context } = open({ alerts: [blocked] });
    context.source.tellStall('opened', stall({ durationMs: 1001 }));
    context.source.currentStalls = [stall({ durationMs: 1500, state: 'closed' })];
    await ticks(3, 100);
    context.source.tellStall('closed', stall({ durationMs: 1500, state: 'closed' }));
    expect(statuses(context)).toEqual(['blocked firing', 'blocked resolved']);
  });

  test('that were open before are looked at', () => {
    const context = new RecordingContext({ alerts: [blocked] });
    context.source.currentStalls = [stall({ durationMs: 1001 })];
    open({}, context);
    expect(statuses(context)).toEqual(['blocked firing']);
  });

  test('are kept firing for as long as is asked', async () => {
    const { context } = open({ alerts: [{ ...blocked, keepFiringForMs: 300 }] });
    context.source.tellStall('closed', stall({ durationMs: 1001, state: 'closed' }));
    expect(statuses(context)).toEqual(['blocked firing']);
    await waitUntil(() => context.alertsChanged.length > 1, 'it is resolved');
  });

  test('are let go of at the end', async () => {
    const { context, outlet } = open({ alerts: [blocked] });
    await outlet?.stop();
    expect(context.source.stallListeners).toBe(0);
  });
});

describe('metrics', () => {
  test('are looked at once a second', async () => {
    const { context } = open({ alerts: [busy] });
    context.source.set('nodejs.eventloop.utilization', 1, { thread: 'main' });
    await waitUntil(() => context.alertsChanged.length > 0, 'it fires');
    context.source.set('nodejs.eventloop.utilization', 0.1, { thread: 'main' });
    await waitUntil(() => context.alertsChanged.length > 1, 'it is resolved');
    expect(statuses(context)).toEqual(['busy firing', 'busy resolved']);
    expect(context.source.observed).toBeLessThan(10);
  });

  test('are left alone while their window holds a suspension', async () => {
    const { context } = open({ alerts: [busy, { ...busy, metric: 'process.uptime', name: 'up', value: 0 }] });
    context.source.set('process.uptime', 1);
    await waitUntil(() => context.alertsChanged.length > 0, 'the other fires');
    const { observed } = context.source;
    context.source.suspendedMs += 5000;
    context.source.set('nodejs.eventloop.utilization', 1, { thread: 'main' });
    await ticks(2, 1000);
    expect(statuses(context)).toEqual(['up firing']);
    expect(context.source.observed).toBeLessThanOrEqual(observed + 1);
  });

  test('that can not be read are a failure that is told, and the next second is another try', async () => {
    const { context, errors } = open({ alerts: [busy] });
    context.source.failure = new Error('no reading');
    await waitUntil(() => errors.length > 0, 'the failure is told');
    context.source.failure = undefined;
    context.source.set('nodejs.eventloop.utilization', 1, { thread: 'main' });
    await waitUntil(() => context.alertsChanged.length > 0, 'it fires');
  });
});

describe('receivers', () => {
  test('are those that are configured, and those that a condition names', async () => {
    const hook = await openCollector();
    const manager = await openCollector();
    const { context } = open({
      alerts: [
        { ...blocked, to: undefined as never },
        { ...blocked, name: 'hook', to: ['webhook'] },
      ],
      alertWebhookUrl: `${hook.url}/hook`,
      alertWebhookHeaders: { 'X-Token': 'secret' },
      alertmanagerUrl: `${manager.url}/am/, ${manager.url}/api/v2/alerts`,
    });
    context.source.tellStall('opened', stall({ durationMs: 1001 }));
    await hook.received(2);
    await manager.received(2);
    expect(hook.requests.map(({ path, headers }) => [path, headers['x-token']])).toEqual([
      ['/hook', 'secret'],
      ['/hook', 'secret'],
    ]);
    expect(new Set(manager.requests.map(({ path }) => path))).toEqual(
      new Set(['/am/api/v2/alerts', '/api/v2/alerts']),
    );
    expect(manager.requests[0]?.headers['x-token']).toBeUndefined();
    await waitUntil(() => context.notifications.get('alertmanager delivered') === 2, 'all are counted');
    expect(context.said).toEqual([]);
    expect(context.alertsWatched).toEqual(['warning blocked', 'warning hook']);
  });

  test('that are named and not configured are said', () => {
    const { context } = open({ alerts: [{ ...blocked, to: ['webhook', 'alertmanager'] }] });
    expect(context.said).toEqual([
      'alerts are to go to webhook, but LOOPSCOPE_ALERT_WEBHOOK_URL is not set',
      'alerts are to go to alertmanager, but LOOPSCOPE_ALERTMANAGER_URL is not set',
    ]);
  });
});

test('an alert that an earlier agent thread left firing is resolved by this one', async () => {
  const context = new RecordingContext({ alerts: [{ ...blocked, severity: 'critical' }] });
  const labels = { ...alert().labels };
  const first = open({}, context);
  context.source.tellStall('opened', stall({ durationMs: 1001 }));
  await first.outlet?.stop();
  const [fired] = context.alertsChanged;
  expect(fired?.labels['thread']).toBe(labels['thread']);
  const next = new RecordingContext({ alerts: [{ ...blocked, severity: 'critical' }] });
  Object.assign(next.alerts, { firing: [fired] });
  open({}, next);
  expect(next.alertsChanged).toMatchObject([{ status: 'resolved', fingerprint: fired?.fingerprint }]);
});
