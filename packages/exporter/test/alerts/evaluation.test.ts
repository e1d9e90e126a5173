import type { AlertCondition, MetricName, Observation, Stall } from '@loopscope/sdk/telemetry';
import { describe, expect, test } from 'vitest';
import { type Change, Evaluation } from '../../src/alerts/evaluation.ts';
import { readyCondition } from '../../src/alerts/ready-condition.ts';
import { stall } from '../support/stall.ts';

const identity = { job: 'shop', instance: 'a:1' };
const base = Date.parse('2026-11-22T12:00:00Z');

function evaluationOf(...conditions: readonly AlertCondition[]): Evaluation {
  return new Evaluation(
    conditions.map((condition) => readyCondition({ keepFiringForMs: 0, ...condition }, ['stderr'])),
    identity,
  );
}

function observed(
  evaluation: Evaluation,
  now: number,
  readings: Partial<Record<MetricName, readonly Observation[]>>,
): string[] {
  const map = new Map(Object.entries(readings)) as Parameters<Evaluation['observed']>[0];
  return evaluation.observed(map, { now, wall: base + now }).map(inWords);
}

function stalled(evaluation: Evaluation, now: number, ...stalls: readonly Stall[]): string[] {
  return evaluation.stalled(stalls, { now, wall: base + now }).map(inWords);
}

function inWords({ alert }: Change): string {
  return `${alert.name} ${alert.labels['thread'] ?? ''} ${alert.status} ${alert.value}`;
}

const on = (thread: string, value: number): Observation => ({ value, attributes: { thread } });

describe('a condition on a gauge', () => {
  const busy: AlertCondition = {
    name: 'busy',
    metric: 'nodejs.eventloop.utilization',
    operator: '>',
    value: 0.9,
  };

  test('fires for each series by itself', () => {
    const evaluation = evaluationOf(busy);
    const name = 'nodejs.eventloop.utilization';
    expect(observed(evaluation, 0, { [name]: [on('main', 0.95), on('worker', 0.5)] })).toEqual([
      'busy main firing 0.95',
    ]);
    expect(observed(evaluation, 1, { [name]: [on('main', 0.96), on('worker', 0.99)] })).toEqual([
      'busy worker firing 0.99',
    ]);
    expect(evaluation.firing().map(inWords)).toEqual(['busy main firing 0.96', 'busy worker firing 0.99']);
    // What it was when it last held is told when it is over.
    expect(observed(evaluation, 2, { [name]: [on('main', 0.1), on('worker', 0.99)] })).toEqual([
      'busy main resolved 0.96',
    ]);
  });

  test('looks only where it is to', () => {
    const evaluation = evaluationOf({ ...busy, where: { thread: 'worker' } });
    const readings = { 'nodejs.eventloop.utilization': [on('main', 1), on('worker', 1)] };
    expect(observed(evaluation, 0, readings)).toEqual(['busy worker firing 1']);
  });

  test('does not hold for a series that is gone', () => {
    const evaluation = evaluationOf(busy);
    observed(evaluation, 0, { 'nodejs.eventloop.utilization': [on('main', 1)] });
    expect(observed(evaluation, 1, {})).toEqual(['busy main resolved 1']);
  });

  test('tells when it began to hold and when it ended, in labels, words and time', () => {
    const evaluation = evaluationOf({ ...busy, forMs: 5000, severity: 'critical' });
    const readings = new Map([['nodejs.eventloop.utilization', [on('main', 0.98765)]]]) as Parameters<
      Evaluation['observed']
    >[0];
    expect(evaluation.observed(readings, { now: 0, wall: base })).toEqual([]);
    const [fired] = evaluation.observed(readings, { now: 5000, wall: base + 5000 });
    const alert = {
      name: 'busy',
      severity: 'critical',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      labels: { ...identity, alertname: 'busy', severity: 'critical', thread: 'main' },
      summary: 'nodejs.eventloop.utilization (thread=main) is 0.9877: > 0.9',
      value: 0.98765,
      startsAt: base,
    };
    expect(fired?.alert).toEqual({ ...alert, status: 'firing' });
    const [resolved] = evaluation.observed(new Map(), { now: 6000, wall: base + 6000 });
    expect(resolved?.alert).toEqual({ ...alert, status: 'resolved', endsAt: base + 6000 });
    expect(resolved?.alert.fingerprint).toBe(fired?.alert.fingerprint);
  });

  test('is bounded in its series', () => {
    const evaluation = evaluationOf(busy);
    const many = Array.from({ length: 200 }, (_, index) => on(`worker ${index}`, 1));
    expect(observed(evaluation, 0, { 'nodejs.eventloop.utilization': many })).toHaveLength(50);
  });
});

test('a condition on a counter compares its increase per second', () => {
  const evaluation = evaluationOf({
    name: 'lossy',
    metric: 'loopscope.eventloop.stall.time',
    operator: '>=',
    value: 0.1,
    rateOverMs: 10_000,
    where: { phase: 'running' },
  });
  const lost = (seconds: number): Parameters<typeof observed>[2] => ({
    'loopscope.eventloop.stall.time': [
      { value: seconds, attributes: { phase: 'running', thread: 'main' } },
      { value: 100 * seconds, attributes: { phase: 'startup', thread: 'main' } },
    ],
  });
  const changes = [0, 5, 10, 15, 20, 25].map((at) => observed(evaluation, at * 1000, lost(at < 6 ? 7 : 9)));
  expect(changes.flat()).toEqual(['lossy main firing 0.2', 'lossy main resolved 0.2']);
});

describe('a condition on stalls', () => {
  const blocked: AlertCondition = { name: 'blocked', stall: 'durationMs', operator: '>=', value: 1000 };

  test('fires while the stall is open, and is resolved after it', () => {
    const evaluation = evaluationOf(blocked);
    expect(stalled(evaluation, 0, stall({ durationMs: 100 }))).toEqual([]);
    expect(stalled(evaluation, 900, stall({ durationMs: 1000 }))).toEqual(['blocked main firing 1000']);
    expect(stalled(evaluation, 1900, stall({ durationMs: 2000 }))).toEqual([]);
    expect(stalled(evaluation, 2000)).toEqual(['blocked main resolved 2000']);
    expect(evaluation.waits).toBe(false);
  });

  test('leaves out debuggers, and the boot unless it is asked for', () => {
    const boot = stall({ durationMs: 5000, phase: 'startup' });
    const paused = stall({ durationMs: 5000, inspectorOpen: true });
    expect(stalled(evaluationOf(blocked), 0, boot, paused)).toEqual([]);
    const asked = evaluationOf({ ...blocked, where: { phase: 'startup' } });
    expect(stalled(asked, 0, boot, paused)).toEqual(['blocked main firing 5000']);
    const byPhase = evaluationOf({ name: 'boot', stall: 'phase', operator: '==', value: 'startup' });
    expect(stalled(byPhase, 0, boot)).toEqual(['boot main firing startup']);
  });

  test.each<[string, AlertCondition & object, boolean]>([
    ['culprit', { stall: 'culprit', operator: '==', value: 'sum' }, true],
    ['culprit', { stall: 'culprit', operator: '!=', value: 'sum' }, false],
    ['file', { stall: 'file', operator: 'contains', value: '/srv/' }, true],
    ['package', { stall: 'package', operator: '==', value: '@acme/a' }, true],
    ['method', { stall: 'method', operator: '==', value: 'GET' }, true],
    ['route', { stall: 'route', operator: '==', value: '/orders/:id' }, true],
    ['route', { ...blocked, where: { route: '/orders/:id', thread: 'main' } }, true],
    ['route', { ...blocked, where: { route: '/orders' } }, false],
    ['fingerprint', { stall: 'fingerprint', operator: '==', value: '0123456789abcdef' }, true],
    ['cause', { stall: 'cause', operator: '==', value: 'gc' }, false],
    ['cause', { ...blocked, where: { cause: 'cpu' } }, true],
    ['thread', { stall: 'thread', operator: 'contains', value: 'worker' }, false],
  ])('looks at the %s: %j', (_field, condition, fires) => {
    const whole = stall({
      durationMs: 1500,
      culprit: { function: 'sum', file: '/srv/a.js', line: 1, column: 2, package: '@acme/a', late: false },
      fingerprint: '0123456789abcdef',
      request: { method: 'GET', route: '/orders/:id' },
      span: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true },
    });
    const [change] = evaluationOf(condition).stalled([whole], { now: 0, wall: base });
    expect(change !== undefined).toBe(fires);
    if (change !== undefined) {
      expect(change.alert.stall).toEqual({
        id: '1',
        durationMs: 1500,
        phase: 'running',
        cause: 'cpu',
        advice: 'Do less.',
        culprit: 'sum /srv/a.js:1',
        request: 'GET /orders/:id',
        traceId: 'a'.repeat(32),
      });
      expect(change.alert.summary).toBe(
        'The event loop of main was blocked for 1.5 s by sum /srv/a.js:1 in GET /orders/:id',
      );
    }
  });

  test('does not hold for a field that the stall has not', () => {
    const unequal = evaluationOf({ stall: 'culprit', operator: '!=', value: 'sum' });
    expect(stalled(unequal, 0, stall({}))).toEqual([]);
  });

  test('has the words that it is given', () => {
    const [change] = evaluationOf({ ...blocked, summary: 'Call Ada' }).stalled(
      [stall({ durationMs: 2000 })],
      {
        now: 0,
        wall: base,
      },
    );
    expect(change?.alert.summary).toBe('Call Ada');
  });
});

describe('what an earlier agent thread left firing', () => {
  const blocked: AlertCondition = { name: 'blocked', stall: 'durationMs', operator: '>=', value: 1000 };

  test('is resolved with its own start, labels and stall', () => {
    const before = evaluationOf(blocked);
    const [fired] = before.stalled([stall({ durationMs: 1200 })], { now: 0, wall: base });
    const after = evaluationOf(blocked);
    after.restore([fired?.alert ?? expect.fail()], { now: 50, wall: base + 1050 });
    expect(after.firing().map(({ alert }) => alert)).toEqual([fired?.alert]);
    const [resolved] = after.stalled([], { now: 100, wall: base + 1100 });
    expect(resolved?.alert).toEqual({ ...fired?.alert, status: 'resolved', endsAt: base + 1100 });
  });

  test('goes on without firing anew where it still holds', () => {
    const before = evaluationOf(blocked);
    const [fired] = before.stalled([stall({ durationMs: 1200 })], { now: 0, wall: base });
    const after = evaluationOf(blocked);
    after.restore([fired?.alert ?? expect.fail()], { now: 0, wall: base });
    expect(stalled(after, 100, stall({ durationMs: 3000 }))).toEqual([]);
    expect(after.firing()[0]?.alert).toMatchObject({ value: 3000, startsAt: base });
  });

  test('of a condition that is no more is left alone', () => {
    const before = evaluationOf({ ...blocked, name: 'other' });
    const [fired] = before.stalled([stall({ durationMs: 1200 })], { now: 0, wall: base });
    const after = evaluationOf(blocked);
    after.restore([fired?.alert ?? expect.fail()], { now: 0, wall: base });
    expect(after.firing()).toEqual([]);
  });
});
