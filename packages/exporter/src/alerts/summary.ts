// What an alert says to people where its condition has no words of its own.
import type { AlertCondition } from '@loopscope/sdk/telemetry';
import type { FoundSeries } from './found-series.ts';

/** One line; the condition's own summary where it has one. */
export function summaryOf(condition: AlertCondition, { value, attributes, stall }: FoundSeries): string {
  if (condition.summary !== undefined) {
    return condition.summary;
  }
  if (stall !== undefined) {
    const thread = attributes['thread'];
    const by = stall.culprit === undefined ? '' : ` by ${stall.culprit}`;
    const during = stall.request === undefined ? '' : ` in ${stall.request}`;
    return `The event loop of ${thread} was blocked for ${seconds(stall.durationMs)}${by}${during}`;
  }
  const subject = 'metric' in condition ? condition.metric : condition.stall;
  const rate = 'metric' in condition && condition.rateOverMs !== undefined ? ' per second' : '';
  const where = Object.entries(attributes).map(([name, text]) => `${name}=${text}`);
  const series = where.length === 0 ? '' : ` (${where.join(', ')})`;
  return `${subject}${series} is ${shown(value)}${rate}: ${condition.operator} ${condition.value}`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function shown(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : value;
}
