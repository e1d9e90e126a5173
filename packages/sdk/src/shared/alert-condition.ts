// The conditions of `LOOPSCOPE_ALERTS` and of the option `alerts`, and what makes one wrong. Shared: in
// code `start()` refuses them on the application's thread, from the environment the agent thread does.
import type { AlertSeverity } from './alert.ts';
import { metricTable } from './metric-table.ts';
import { nearestName } from './nearest-name.ts';
import type { Cause, Phase } from './stall.ts';

/** How the value that is found is compared with that of the condition. */
export type AlertOperator = '>' | '>=' | '<' | '<=' | '==' | '!=' | 'contains';

/** Where alerts go; the handle's `alert` event is told of each besides. */
export type AlertReceiver = 'alertmanager' | 'webhook' | 'stderr';

/** What of a stall a condition may look at. */
export type StallField =
  | 'durationMs'
  | 'phase'
  | 'cause'
  | 'thread'
  | 'culprit'
  | 'file'
  | 'package'
  | 'fingerprint'
  | 'method'
  | 'route';

interface Condition {
  /** Default: the condition in words, such as `nodejs.eventloop.utilization > 0.9`. */
  readonly name?: string;
  /** `contains`, `==` and `!=` for texts; all but `contains` for numbers. */
  readonly operator: AlertOperator;
  /** Only what has all of these: attributes of the metric, or fields of the stall. */
  readonly where?: Readonly<Record<string, string>>;
  /** Milliseconds for which it must hold before it fires. Default 0. */
  readonly forMs?: number;
  /** Milliseconds without it before the alert is resolved. Default 10000. */
  readonly keepFiringForMs?: number;
  /** Default `warning`. */
  readonly severity?: AlertSeverity;
  /** One line for people. Default: what was found, in words. */
  readonly summary?: string;
  /** Default: every receiver that is configured; `stderr` where none is. */
  readonly to?: readonly AlertReceiver[];
}

/** A condition on a metric. */
export interface MetricCondition extends Condition {
  /** An OpenTelemetry name of docs/METRICS.md: a gauge, an up-down counter or a counter. */
  readonly metric: string;
  /** What it is compared with, in the metric's unit. */
  readonly value: number;
  /** For counters: the increase per second over so many milliseconds is compared. */
  readonly rateOverMs?: number;
}

/** A condition on stalls, as they open, while they last and as they close. */
export interface StallCondition extends Condition {
  /** Stalls that began while the process was running, unless `where` names another phase. */
  readonly stall: StallField;
  /** What the field is compared with. */
  readonly value: number | string;
}

/** One condition of `LOOPSCOPE_ALERTS` or of the option `alerts`. */
export type AlertCondition = MetricCondition | StallCondition;

export const stallFields: readonly StallField[] = [
  'durationMs',
  'phase',
  'cause',
  'thread',
  'culprit',
  'file',
  'package',
  'fingerprint',
  'method',
  'route',
];
export const alertSeverities: readonly AlertSeverity[] = ['info', 'warning', 'critical'];
export const alertReceivers: readonly AlertReceiver[] = ['alertmanager', 'webhook', 'stderr'];
export const numberOperators: readonly AlertOperator[] = ['>', '>=', '<', '<=', '==', '!='];
export const textOperators: readonly AlertOperator[] = ['==', '!=', 'contains'];

export const mostConditions = 100;
/** Fields with few values: any other would never be met. */
const fieldValues: Readonly<Record<string, readonly string[]>> = {
  phase: ['startup', 'running', 'exiting'] satisfies readonly Phase[],
  cause: ['cpu', 'gc', 'sync-io', 'microtasks', 'starved', 'unknown'] satisfies readonly Cause[],
};

const longestName = 120;
const longestText = 500;
const mostMatchers = 10;
const longestMs = 86_400_000;
const shortestRateMs = 1000;
const longestRateMs = 3_600_000;

/** What is wrong with a list of conditions, as a user is told. */
export interface ConditionProblem {
  /** Of the condition, from 0; undefined where the list itself is wrong. */
  readonly index: number | undefined;
  /** Such as `[2].operator`; empty for the list. */
  readonly at: string;
  readonly value: unknown;
  /** Completes "expected …". */
  readonly expected: string;
}

interface MetricShape {
  readonly instrument: string;
  readonly attributes: readonly string[];
}

/** What is known of the metrics here: the catalogue itself belongs to the agent thread. */
export function metricShapes(): ReadonlyMap<string, MetricShape> {
  const lines = metricTable.trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', instrument = '', ...attributes] = line.split(' ');
      return [name, { instrument, attributes }];
    }),
  );
}

/** How a condition is called where it has no name. */
export function nameOf(condition: AlertCondition): string {
  const subject = 'metric' in condition ? condition.metric : `stall.${condition.stall}`;
  const rate = 'metric' in condition && condition.rateOverMs !== undefined ? ' per second' : '';
  return condition.name ?? `${subject}${rate} ${condition.operator} ${condition.value}`;
}

/** Every problem of a list of conditions, at most one for each condition. */
export function findConditionProblems(list: unknown): readonly ConditionProblem[] {
  if (!Array.isArray(list)) {
    return [{ index: undefined, at: '', value: list, expected: 'an array of conditions' }];
  }
  if (list.length > mostConditions) {
    const expected = `at most ${mostConditions} conditions`;
    return [{ index: undefined, at: '.length', value: list.length, expected }];
  }
  const metrics = metricShapes();
  const names = new Set<string>();
  return list.flatMap((condition: unknown, index) => {
    const problem = findProblem(condition, metrics) ?? findNamesake(condition as AlertCondition, names);
    return problem === undefined ? [] : [{ index, ...problem, at: `[${index}]${problem.at}` }];
  });
}

type Problem = Omit<ConditionProblem, 'index'>;

function findNamesake(condition: AlertCondition, names: Set<string>): Problem | undefined {
  const name = nameOf(condition);
  const key = `${condition.severity ?? 'warning'} ${name}`;
  if (names.has(key)) {
    return { at: '.name', value: name, expected: 'a name that no other condition of this severity has' };
  }
  names.add(key);
  return undefined;
}

const commonFields = [
  'name',
  'operator',
  'value',
  'where',
  'forMs',
  'keepFiringForMs',
  'severity',
  'summary',
  'to',
];

function findProblem(condition: unknown, metrics: ReadonlyMap<string, MetricShape>): Problem | undefined {
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) {
    return { at: '', value: condition, expected: 'an object with metric or stall, operator and value' };
  }
  const given = condition as Readonly<Record<string, unknown>>;
  const wrong = (field: string, expected: string): Problem => ({
    at: field === '' ? '' : `.${field}`,
    value: Object.hasOwn(given, field) ? given[field] : undefined,
    expected,
  });
  const onMetric = given['metric'] !== undefined;
  if (onMetric === (given['stall'] !== undefined)) {
    const expected = onMetric ? 'no stall beside metric' : 'metric or stall';
    return wrong(onMetric ? 'stall' : 'metric', expected);
  }
  const fields = [...commonFields, ...(onMetric ? ['metric', 'rateOverMs'] : ['stall'])];
  const unknown = Object.keys(given).find((field) => !fields.includes(field));
  if (unknown !== undefined) {
    return wrong(unknown, `one of the fields ${fields.join(', ')}`);
  }
  return (
    (onMetric ? findMetricProblem(given, metrics, wrong) : findStallProblem(given, wrong)) ??
    findCommonProblem(given, wrong)
  );
}

type Wrong = (field: string, expected: string) => Problem;
type Given = Readonly<Record<string, unknown>>;

function findMetricProblem(
  given: Given,
  metrics: ReadonlyMap<string, MetricShape>,
  wrong: Wrong,
): Problem | undefined {
  const metric = metrics.get(String(given['metric']));
  if (typeof given['metric'] !== 'string' || metric === undefined) {
    const nearest = nearestName(String(given['metric']), [...metrics.keys()]);
    return wrong('metric', `a metric of docs/METRICS.md, such as ${nearest}`);
  }
  if (metric.instrument === 'histogram') {
    return wrong('metric', 'a gauge or counter: a histogram has no one value; for stalls use stall');
  }
  if (!isIncluded(numberOperators, given['operator'])) {
    return wrong('operator', `one of ${numberOperators.join(' ')}`);
  }
  if (!Number.isFinite(given['value'])) {
    return wrong('value', 'a finite number');
  }
  const counter = metric.instrument === 'counter';
  if (counter !== (given['rateOverMs'] !== undefined)) {
    const window = `a whole number of milliseconds from ${shortestRateMs} to ${longestRateMs}`;
    return wrong(
      'rateOverMs',
      counter ? `${window}, since a counter only rises` : 'none: only counters have a rate',
    );
  }
  if (counter && !isWhole(given['rateOverMs'], shortestRateMs, longestRateMs)) {
    return wrong('rateOverMs', `a whole number of milliseconds from ${shortestRateMs} to ${longestRateMs}`);
  }
  return findWhereProblem(given['where'], metric.attributes);
}

function findStallProblem(given: Given, wrong: Wrong): Problem | undefined {
  const field = given['stall'];
  if (!isIncluded(stallFields, field)) {
    return wrong('stall', `one of ${stallFields.join(', ')}`);
  }
  const operators = field === 'durationMs' ? numberOperators : textOperators;
  if (!isIncluded(operators, given['operator'])) {
    return wrong('operator', `one of ${operators.join(' ')}`);
  }
  if (field === 'durationMs' && !Number.isFinite(given['value'])) {
    return wrong('value', 'a finite number of milliseconds');
  }
  const values = fieldValues[String(field)];
  if (values !== undefined && given['operator'] !== 'contains' && !isIncluded(values, given['value'])) {
    return wrong('value', `one of ${values.join(', ')}`);
  }
  if (field !== 'durationMs' && !isText(given['value'], longestText)) {
    return wrong('value', `a text of 1 to ${longestText} characters`);
  }
  return findWhereProblem(
    given['where'],
    stallFields.filter((each) => each !== 'durationMs'),
    fieldValues,
  );
}

function findWhereProblem(
  where: unknown,
  attributes: readonly string[],
  valuesOf: Readonly<Record<string, readonly string[]>> = {},
): Problem | undefined {
  if (where === undefined) {
    return undefined;
  }
  if (typeof where !== 'object' || where === null || Array.isArray(where)) {
    return { at: '.where', value: where, expected: 'an object of texts' };
  }
  const entries = Object.entries(where);
  if (entries.length > mostMatchers) {
    return { at: '.where', value: where, expected: `at most ${mostMatchers} entries` };
  }
  for (const [name, value] of entries) {
    if (!attributes.includes(name)) {
      const names = attributes.length === 0 ? 'nothing: it has no attributes' : attributes.join(', ');
      return { at: '.where', value: name, expected: `one of ${names}` };
    }
    const values = valuesOf[name];
    if (values !== undefined && !isIncluded(values, value)) {
      return { at: `.where.${name}`, value, expected: `one of ${values.join(', ')}` };
    }
    if (!isText(value, longestText)) {
      return { at: `.where.${name}`, value, expected: `a text of 1 to ${longestText} characters` };
    }
  }
  return undefined;
}

function findCommonProblem(given: Given, wrong: Wrong): Problem | undefined {
  const { name, summary, severity, to } = given as {
    [Field in 'name' | 'summary' | 'severity' | 'to']?: unknown;
  };
  for (const field of ['forMs', 'keepFiringForMs']) {
    if (given[field] !== undefined && !isWhole(given[field], 0, longestMs)) {
      return wrong(field, `a whole number of milliseconds from 0 to ${longestMs}`);
    }
  }
  if (name !== undefined && !isText(name, longestName)) {
    return wrong('name', `a text of 1 to ${longestName} characters`);
  }
  if (summary !== undefined && !isText(summary, longestText)) {
    return wrong('summary', `a text of 1 to ${longestText} characters`);
  }
  if (severity !== undefined && !isIncluded(alertSeverities, severity)) {
    return wrong('severity', `one of ${alertSeverities.join(', ')}`);
  }
  if (to !== undefined && !(Array.isArray(to) && to.every((each) => isIncluded(alertReceivers, each)))) {
    return wrong('to', `an array of ${alertReceivers.join(', ')}`);
  }
  return undefined;
}

function isIncluded(list: readonly string[], value: unknown): boolean {
  return (list as readonly unknown[]).includes(value);
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= longest;
}

function isWhole(value: unknown, lowest: number, highest: number): boolean {
  return Number.isInteger(value) && (value as number) >= lowest && (value as number) <= highest;
}
