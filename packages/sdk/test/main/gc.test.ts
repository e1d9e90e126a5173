import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import v8 from 'node:v8';
import vm from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GcObserver } from '../../src/main/gc.ts';
import { OwnTime } from '../../src/main/own-time.ts';
import { monotonicNow } from '../../src/shared/clock.ts';
import type { GcEntry, GcMessage } from '../../src/shared/messages.ts';

const types: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

// As `--expose-gc` would have it, for this context alone.
v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as (options: { type: 'minor' | 'major'; execution: 'sync' }) => void;
v8.setFlagsFromString('--no-expose-gc');

interface Reference {
  readonly type: string;
  readonly durationMs: number;
}

let messages: GcMessage[];
let references: Reference[];
let reference: PerformanceObserver;
let observer: GcObserver;
let agentIsThere: boolean;
let start: number;

beforeEach(() => {
  messages = [];
  references = [];
  agentIsThere = true;
  start = monotonicNow();
  reference = new PerformanceObserver((list) => note(list.getEntries()));
  reference.observe({ entryTypes: ['gc'] });
  observer = new GcObserver(
    (message) => {
      if (agentIsThere) {
        messages.push(message);
      }
      return agentIsThere;
    },
    () => expect.fail('the observer failed'),
    new OwnTime(),
  );
});

afterEach(() => {
  observer.stop();
  reference.disconnect();
});

function note(entries: readonly PerformanceEntry[]): void {
  for (const { detail, duration } of entries as (PerformanceEntry & { detail: { kind: number } })[]) {
    references.push({ type: types[detail.kind] ?? 'minor', durationMs: duration });
  }
}

/** Both observers have what Node has noted so far. */
function settle(): void {
  observer.flush();
  note(reference.takeRecords());
}

/** So many collections, three to a turn of the loop, and what else they bring about. */
async function collections(count: number, type: 'minor' | 'major'): Promise<void> {
  const least = references.length + count;
  while (references.length < least) {
    for (let times = 0; times < 3; times += 1) {
      collect({ type, execution: 'sync' });
    }
    await new Promise(setImmediate);
  }
}

function told(): GcEntry[] {
  return messages.flatMap(({ entries }) => entries);
}

describe('collections', () => {
  test('from before there is an agent thread are kept for it', async () => {
    agentIsThere = false;
    await collections(300, 'minor');
    settle();
    expect(messages).toEqual([]);
    agentIsThere = true;
    settle();
    expect(told().map(({ type }) => type)).toEqual(references.map(({ type }) => type));
  });

  test('are all told, several to a callback or not, as a reference observer sees them', async () => {
    await collections(20, 'minor');
    await collections(4, 'major');
    settle();
    const byDuration = (entries: readonly { type: string; durationMs: number }[]): string[] =>
      entries.map(({ type, durationMs }) => `${type} ${durationMs}`).sort();
    expect(byDuration(told())).toEqual(byDuration(references));
    expect(told().map(({ type }) => type)).toEqual(expect.arrayContaining(['minor', 'major']));
  });

  test('are told before Node has called back for them', async () => {
    // Node notes what it is told of in one turn, and calls observers back in another.
    let toldFirst = false;
    for (let turn = 0; turn < 500 && !toldFirst; turn += 1) {
      collect({ type: 'minor', execution: 'sync' });
      await new Promise(setImmediate);
      observer.flush();
      toldFirst = told().length > references.length;
    }
    expect(toldFirst).toBe(true);
    settle();
    expect(told()).toHaveLength(references.length);
  });

  test("are dated on the process's clock, within the time in which they happened", async () => {
    await collections(10, 'minor');
    observer.flush();
    const end = monotonicNow();
    expect(told().length).toBeGreaterThan(0);
    for (const { at, durationMs } of told()) {
      expect(at).toBeGreaterThan(start - 1);
      expect(at + durationMs).toBeLessThan(end + 1);
    }
  });

  test('are gathered, and sent at once only where they were long together or many are there', async () => {
    await collections(300, 'minor');
    await collections(3, 'major');
    expect(messages.length).toBeGreaterThan(0);
    for (const { entries } of messages) {
      const sumMs = entries.reduce((sum, { durationMs }) => sum + durationMs, 0);
      expect(sumMs >= 5 || entries.length >= 256).toBe(true);
    }
    const sent = messages.length;
    observer.flush();
    observer.flush();
    expect(messages.length - sent).toBeLessThanOrEqual(1);
  });

  test('are told no more once it is stopped, but for those that it had', async () => {
    await collections(5, 'minor');
    observer.stop();
    const before = told().length;
    expect(before).toBeGreaterThan(0);
    await collections(5, 'minor');
    observer.flush();
    expect(told()).toHaveLength(before);
  });
});
