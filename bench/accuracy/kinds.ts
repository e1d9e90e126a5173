// The kinds of block of program/kinds.mjs, and the right answers to them.
import { fileURLToPath } from 'node:url';
import { linesOf } from '../../test/harness/fixture.ts';
import type { Cause, Place } from './truth.ts';

export interface Kind {
  readonly name: string;
  readonly file: string;
  /** The function that spends its time. */
  readonly function: string;
  /** `gc` where a block's own record shows that it was mostly that, whatever is said here. */
  readonly cause: Cause;
  /**
   * Who answers an interrupt while the block lasts: JavaScript, or calls into Node or V8 that come back
   * only at their end.
   */
  readonly code: 'javascript' | 'native';
  /** As much as can be made of it without a huge heap. */
  readonly mostMs?: number;
  /** Others who may be blamed as rightly, by file and function. */
  readonly also?: RegExp;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const plain = path('../programs/blocking-kinds.mjs');
const compute = path('program/compute-kinds.mjs');
const native = path('program/native-kinds.mjs');
const fixture = (name: string): string => path(`../../test/fixtures/blocks/${name}.mjs`);

export const kinds: readonly Kind[] = [
  { name: 'cpu-loop', file: plain, function: 'priceOrders', cause: 'cpu', code: 'javascript' },
  { name: 'regular-expression', file: plain, function: 'validateName', cause: 'cpu', code: 'javascript' },
  { name: 'sort-comparator', file: plain, function: 'compareRows', cause: 'cpu', code: 'javascript' },
  { name: 'deep-recursion', file: plain, function: 'countDescendants', cause: 'cpu', code: 'javascript' },
  { name: 'atomics-wait', file: plain, function: 'takeLock', cause: 'sync-io', code: 'javascript' },
  { name: 'next-tick', file: plain, function: 'drainQueue', cause: 'microtasks', code: 'javascript' },
  { name: 'promise', file: plain, function: 'applyEvents', cause: 'microtasks', code: 'javascript' },
  { name: 'string-building', file: compute, function: 'composeLetter', cause: 'cpu', code: 'javascript' },
  { name: 'big-integer', file: compute, function: 'searchPrime', cause: 'cpu', code: 'javascript' },
  { name: 'many-short', file: compute, function: 'sendReminder', cause: 'cpu', code: 'javascript' },
  {
    name: 'vm-loop',
    file: path('program/tariff-rules.js'),
    function: 'applyTariff',
    cause: 'cpu',
    code: 'javascript',
  },
  // The module itself is a frame too.
  {
    name: 'web-assembly',
    file: compute,
    function: 'resizeImage',
    cause: 'cpu',
    code: 'javascript',
    also: /^wasm:.*\n\$?blur$/,
  },
  { name: 'gc-pressure', file: compute, function: 'reindexSessions', cause: 'gc', code: 'javascript' },
  {
    name: 'json-parse',
    file: fixture('json-parse'),
    function: 'readCatalogue',
    cause: 'cpu',
    code: 'native',
    mostMs: 300,
  },
  {
    name: 'json-stringify',
    file: native,
    function: 'writeCatalogue',
    cause: 'cpu',
    code: 'native',
    mostMs: 600,
  },
  {
    name: 'pbkdf2-sync',
    file: fixture('pbkdf2-sync'),
    function: 'hashPassword',
    cause: 'cpu',
    code: 'native',
  },
  { name: 'zlib-sync', file: native, function: 'packReport', cause: 'cpu', code: 'native' },
  { name: 'fs-large', file: native, function: 'readLedger', cause: 'sync-io', code: 'native' },
  { name: 'fs-small', file: native, function: 'spoolOrders', cause: 'sync-io', code: 'native' },
  {
    name: 'exec-sync',
    file: fixture('exec-sync'),
    function: 'convertImage',
    cause: 'sync-io',
    code: 'native',
  },
  {
    name: 'require-module',
    file: native,
    function: 'loadRules',
    cause: 'cpu',
    code: 'native',
    mostMs: 400,
    also: /rules-\d+\.cjs\n/,
  },
  { name: 'compile', file: native, function: 'compileTemplate', cause: 'cpu', code: 'native', mostMs: 400 },
];

export function kindOf(name: string): Kind {
  const kind = kinds.find((each) => each.name === name);
  if (kind === undefined) {
    throw new Error(`there is no kind of block named ${name}`);
  }
  return kind;
}

/** Whether the place is where the kind spends its time: file, function, and one of its lines. */
export function isCulprit(kind: Kind, place: Place): boolean {
  if (kind.also?.test(`${place.file}\n${place.function}`) === true) {
    return true;
  }
  return (
    place.function === kind.function && place.file === kind.file && linesOfKind(kind).includes(place.line)
  );
}

const lines = new Map<string, readonly number[]>();

/** Lines of the function, from 1. */
export function linesOfKind({ file, function: name }: Kind): readonly number[] {
  const key = `${file}\n${name}`;
  const known = lines.get(key) ?? linesOf(file, name);
  lines.set(key, known);
  return known;
}
