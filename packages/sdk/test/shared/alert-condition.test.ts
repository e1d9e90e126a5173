import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlert } from '../../src/shared/alert.ts';
import {
  type AlertCondition,
  alertReceivers,
  alertSeverities,
  findConditionProblems,
  metricShapes,
  mostConditions,
  nameOf,
  numberOperators,
  stallFields,
  textOperators,
} from '../../src/shared/alert-condition.ts';
import { validateOptions } from '../../src/shared/resolve-options.ts';
import { SeededRandom } from '../support/seeded-random.ts';

const onStall = { stall: 'durationMs', operator: '>=', value: 1000 };
const onGauge = { metric: 'nodejs.eventloop.utilization', operator: '>', value: 0.9 };
const onCounter = { metric: 'loopscope.eventloop.stall.time', operator: '>', value: 0.1, rateOverMs: 60_000 };

describe('a condition is right', () => {
  test.each([
    onStall,
    onGauge,
    onCounter,
    { ...onStall, where: { thread: 'main', route: '/orders/:id' } },
    { ...onStall, name: 'x'.repeat(120), summary: 'Blöcked', severity: 'info', to: [] },
    {
      ...onGauge,
      where: { thread: 'main' },
      forMs: 0,
      keepFiringForMs: 86_400_000,
      to: ['stderr', 'webhook'],
    },
    { ...onGauge, value: -1, operator: '!=', where: undefined, name: undefined },
    { stall: 'culprit', operator: 'contains', value: 'sync' },
    { stall: 'phase', operator: '==', value: 'startup' },
    { stall: 'cause', operator: 'contains', value: 'sync' },
    { ...onStall, where: { cause: 'gc', phase: 'exiting' } },
  ])('%j', (condition) => {
    expect(findConditionProblems([condition])).toEqual([]);
  });
});

const wrong: readonly (readonly [condition: unknown, at: string, value: unknown, expected: RegExp])[] = [
  [null, '', null, /^an object/],
  ['all', '', 'all', /^an object/],
  [[], '', [], /^an object/],
  [{}, '.metric', undefined, /^metric or stall$/],
  [{ ...onStall, ...onGauge }, '.stall', 'durationMs', /^no stall beside metric$/],
  [{ ...onGauge, threshold: 1 }, '.threshold', 1, /^one of the fields .*value/],
  [JSON.parse('{"__proto__":{},"stall":"phase"}'), '.__proto__', {}, /^one of the fields/],
  [
    { ...onGauge, metric: 'nodejs.eventloop.utilisation' },
    '.metric',
    'nodejs.eventloop.utilisation',
    /such as nodejs\.eventloop\.utilization$/,
  ],
  [{ ...onGauge, metric: 'constructor' }, '.metric', 'constructor', /such as /],
  [{ ...onGauge, metric: 7 }, '.metric', 7, /such as /],
  [
    { ...onGauge, metric: 'loopscope.eventloop.stall.duration' },
    '.metric',
    'loopscope.eventloop.stall.duration',
    /histogram/,
  ],
  [{ ...onGauge, operator: '=>' }, '.operator', '=>', /^one of > >= < <= == !=$/],
  [{ ...onGauge, operator: 'contains' }, '.operator', 'contains', /^one of > /],
  [{ ...onGauge, value: '0.9' }, '.value', '0.9', /^a finite number$/],
  [{ ...onGauge, value: null }, '.value', null, /^a finite number$/],
  [{ ...onGauge, rateOverMs: 1000 }, '.rateOverMs', 1000, /only counters/],
  [{ ...onCounter, rateOverMs: undefined }, '.rateOverMs', undefined, /since a counter only rises$/],
  [{ ...onCounter, rateOverMs: 999 }, '.rateOverMs', 999, /from 1000 to 3600000$/],
  [{ ...onGauge, where: { worker: 'a' } }, '.where', 'worker', /^one of thread$/],
  [{ metric: 'process.uptime', operator: '>', value: 1, where: { a: 'b' } }, '.where', 'a', /no attributes/],
  [{ ...onGauge, where: { thread: 0 } }, '.where.thread', 0, /^a text/],
  [{ ...onGauge, where: ['main'] }, '.where', ['main'], /^an object of texts$/],
  [{ ...onStall, stall: 'length' }, '.stall', 'length', /^one of durationMs, /],
  [{ ...onStall, stall: 'culprit' }, '.operator', '>=', /^one of == != contains$/],
  [{ ...onStall, value: '1s' }, '.value', '1s', /milliseconds$/],
  [{ stall: 'route', operator: '==', value: 7 }, '.value', 7, /^a text/],
  [{ stall: 'cause', operator: '==', value: 'cgi' }, '.value', 'cgi', /^one of cpu, gc, /],
  [{ ...onStall, where: { phase: 'boot' } }, '.where.phase', 'boot', /^one of startup, running, exiting$/],
  [{ ...onStall, where: { durationMs: '7' } }, '.where', 'durationMs', /^one of phase, /],
  [{ ...onStall, rateOverMs: 1000 }, '.rateOverMs', 1000, /^one of the fields/],
  [{ ...onStall, forMs: -1 }, '.forMs', -1, /from 0 to 86400000$/],
  [{ ...onStall, forMs: 1.5 }, '.forMs', 1.5, /whole/],
  [{ ...onStall, keepFiringForMs: '10s' }, '.keepFiringForMs', '10s', /whole/],
  [{ ...onStall, name: ' ' }, '.name', ' ', /^a text of 1 to 120/],
  [{ ...onStall, name: 'x'.repeat(121) }, '.name', 'x'.repeat(121), /^a text of 1 to 120/],
  [{ ...onStall, summary: 7 }, '.summary', 7, /^a text/],
  [{ ...onStall, severity: 'page' }, '.severity', 'page', /^one of info, warning, critical$/],
  [{ ...onStall, to: 'stderr' }, '.to', 'stderr', /^an array of alertmanager, webhook, stderr$/],
  [{ ...onStall, to: ['pager'] }, '.to', ['pager'], /^an array of/],
];

describe('a condition is wrong', () => {
  test.each(wrong)('%j', (condition, at, value, expected) => {
    const [problem, ...more] = findConditionProblems([onStall, condition]);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ index: 1, at: `[1]${at}`, value });
    expect(problem?.expected).toMatch(expected);
  });

  test('where another has its name and severity', () => {
    const named = { ...onStall, name: 'blocked' };
    expect(findConditionProblems([named, { ...named, severity: 'critical' }])).toEqual([]);
    expect(findConditionProblems([onGauge, named, { ...onGauge, name: 'blocked' }])).toMatchObject([
      { index: 2, at: '[2].name', value: 'blocked' },
    ]);
    expect(findConditionProblems([onStall, onStall])).toMatchObject([{ index: 1, at: '[1].name' }]);
  });

  test('without keeping others from being looked at', () => {
    const problems = findConditionProblems([{}, onStall, null, { ...onGauge, value: '' }]);
    expect(problems.map(({ at }) => at)).toEqual(['[0].metric', '[2]', '[3].value']);
  });
});

test.each<[unknown, string, RegExp]>([
  [undefined, '', /^an array/],
  [{ conditions: [] }, '', /^an array/],
  [Array.from({ length: mostConditions + 1 }, () => onStall), '.length', /^at most 100/],
])('a list may not be %j', (list, at, expected) => {
  const [problem] = findConditionProblems(list);
  expect(problem).toMatchObject({ index: undefined, at });
  expect(problem?.expected).toMatch(expected);
});

test('start() names index, field, value and what was expected', () => {
  const alerts = [onStall, { ...onGauge, operator: '=>' }];
  expect(() => validateOptions({ alerts })).toThrow(
    expect.objectContaining({
      name: 'TypeError',
      code: 'LOOPSCOPE_INVALID_OPTION',
      option: 'alerts',
      message: 'Loopscope option alerts[1].operator: received "=>", expected one of > >= < <= == !=',
    }),
  );
});

test('whatever a list holds, nothing is thrown, and what is found names a condition of it', () => {
  const random = new SeededRandom(6);
  const odd = [
    undefined,
    null,
    '',
    'a',
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    [],
    {},
    { thread: 'main' },
    '__proto__',
    true,
  ] as const;
  const fields = [
    'metric',
    'stall',
    'operator',
    'value',
    'where',
    'rateOverMs',
    'forMs',
    'name',
    'to',
    'toString',
  ] as const;
  for (let round = 0; round < 2000; round += 1) {
    const list = Array.from({ length: random.integer(0, 4) }, () => {
      const condition: Record<string, unknown> = { ...random.pick<object>([onStall, onGauge, onCounter]) };
      condition[random.pick(fields)] = random.pick(odd);
      return condition;
    });
    const problems = findConditionProblems(list);
    for (const { index = -1, at, expected } of problems) {
      expect(index).toBeLessThan(list.length);
      expect(at).toMatch(new RegExp(`^\\[${index}\\]`));
      expect(expected).toMatch(/\S/);
    }
    // What is left is right for itself too.
    const bad = new Set(problems.map(({ index }) => index));
    expect(findConditionProblems(list.filter((_, index) => !bad.has(index)))).toEqual([]);
  }
});

test.each([
  [onStall, 'stall.durationMs >= 1000'],
  [onGauge, 'nodejs.eventloop.utilization > 0.9'],
  [onCounter, 'loopscope.eventloop.stall.time per second > 0.1'],
  [{ ...onStall, name: 'blocked' }, 'blocked'],
])('%j is named %s', (condition, name) => {
  expect(nameOf(condition as AlertCondition)).toBe(name);
});

describe('docs/ALERTS.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/ALERTS.md'), 'utf8');
  const examples = [
    ...page.matchAll(/```json\n([\s\S]*?)```/g),
    ...page.matchAll(/LOOPSCOPE_ALERTS='([\s\S]*?)'\n/g),
    // Written in JavaScript, whose values JSON can hold once quoted.
    ...[...page.matchAll(/alerts: (\[[\s\S]*?\]),\n/g)].map(([, text = '']) => [
      '',
      text.replaceAll(/(\w+): /g, '"$1": ').replaceAll("'", '"'),
    ]),
  ].map(([, text = '']) => text);

  test('has examples', () => {
    expect(examples).toHaveLength(3);
  });

  test.each(examples)('shows conditions that are right: %s', (text) => {
    expect(findConditionProblems(JSON.parse(text))).toEqual([]);
  });

  test('names every field, operator, severity and receiver', () => {
    const words = [
      ...stallFields,
      ...numberOperators,
      ...textOperators,
      ...alertSeverities,
      ...alertReceivers,
    ];
    for (const word of words) {
      expect(page).toContain(`\`${word}\``);
    }
  });
});

test('the table of metrics knows the attributes of each', () => {
  expect(metricShapes().get('nodejs.eventloop.time')).toEqual({
    instrument: 'counter',
    attributes: ['nodejs.eventloop.state', 'thread'],
  });
});

test.each([undefined, null, 7, {}, { status: 'open', fingerprint: 'a' }, { status: 'firing' }])(
  '%j is no alert',
  (value) => {
    expect(isAlert(value)).toBe(false);
  },
);
