// A bar is a promise with a number: what was measured, and what it may not pass.
import { figure, range } from './table.ts';

export interface Bar {
  readonly name: string;
  /** NaN where it could not be measured, which is a miss. */
  readonly value: number;
  /** Where the true value lies with 95 % confidence. */
  readonly interval?: readonly [number, number];
  readonly limit: number;
  readonly kind: 'at most' | 'at least';
  readonly unit: string;
  /** Decimals shown; 1 where absent. */
  readonly digits?: number;
  /** What belongs beside the figure. */
  readonly note?: string;
}

export function isHeld({ value, limit, kind }: Bar): boolean {
  return kind === 'at most' ? value <= limit : value >= limit;
}

export function renderBar(bar: Bar): string {
  const { name, value, interval, limit, kind, unit, digits, note } = bar;
  const withUnit = (number: string): string => `${number} ${unit}`.trimEnd();
  const details = [
    `${kind} ${withUnit(String(limit))}`,
    ...(interval === undefined ? [] : [`95 % interval ${range(interval, digits)}`]),
    ...(isDoubtful(bar) ? ['the limit lies in it: repeat on a quiet machine'] : []),
    ...(note === undefined ? [] : [note]),
  ];
  return `  ${isHeld(bar) ? 'held  ' : 'MISSED'}  ${name}: ${withUnit(figure(value, digits))} (${details.join('; ')})`;
}

/** Whether another run might come out the other way. */
function isDoubtful({ interval, limit }: Bar): boolean {
  return interval !== undefined && interval[0] < limit && limit < interval[1];
}
