// Whether the report of a block is right: the function that blocks, at one of its lines.
import type { Stall } from '@loopscope/sdk/telemetry';
import { linesOf } from '../../test/harness/fixture.ts';
import { benchFile } from '../harness/variant.ts';
import type { WatchedBlock } from './watched-block.ts';

const file = benchFile('programs/blocking-kinds.mjs');

/** The function that each kind spends its time in. */
const functions: Readonly<Record<string, string>> = {
  'cpu-loop': 'priceOrders',
  'regular-expression': 'validateName',
  'sort-comparator': 'compareRows',
  'deep-recursion': 'countDescendants',
  'atomics-wait': 'takeLock',
  'next-tick': 'drainQueue',
  promise: 'applyEvents',
};

/** What is wrong with the report of a block; undefined where nothing is. */
export function findFault(block: WatchedBlock): string | undefined {
  const { kind, first, closed, reportedAfterMs, blockedMs } = block;
  if (first === undefined || reportedAfterMs === undefined) {
    return closed === undefined ? 'never reported' : 'reported only after its end';
  }
  if (reportedAfterMs > blockedMs) {
    return 'reported only after its end';
  }
  if (!namesCulprit(kind, first)) {
    return `first reported as ${describe(first)}`;
  }
  if (closed === undefined) {
    return 'never closed';
  }
  return namesCulprit(kind, closed) ? undefined : `named at its end as ${describe(closed)}`;
}

function namesCulprit(kind: string, { culprit }: Stall): boolean {
  return (
    culprit !== undefined &&
    culprit.function === functions[kind] &&
    culprit.file === file &&
    linesOf(file, culprit.function).includes(culprit.line)
  );
}

function describe({ culprit }: Stall): string {
  return culprit === undefined
    ? 'nothing'
    : `${culprit.function || '(anonymous)'} at ${culprit.file}:${culprit.line}`;
}
