import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ResourceReader } from '../../src/main/resources.ts';

test('what keeps the loop alive is counted by type', () => {
  const before = new ResourceReader().read()?.['Timeout'] ?? 0;
  const timers = Array.from({ length: 3 }, () => setTimeout(() => {}, 60_000));
  const counts = new ResourceReader().read();
  expect(counts?.['Timeout']).toBe(before + 3);
  for (const timer of timers) {
    clearTimeout(timer);
  }
  expect(new ResourceReader().read()?.['Timeout'] ?? 0).toBe(before);
});

test('the counts have no property that they did not count', () => {
  const counts = new ResourceReader().read() ?? expect.fail('nothing is read');
  expect(Object.getPrototypeOf(counts)).toBeNull();
  expect(Object.values(counts).every((count) => Number.isInteger(count) && count > 0)).toBe(true);
});

test('resources of many kinds in any order are each counted', () => {
  const before = new ResourceReader().read() ?? {};
  const undo: (() => void)[] = [];
  for (let index = 0; index < 40; index += 1) {
    const { port1, port2 } = new MessageChannel();
    port1.ref();
    port2.ref();
    const timer = setTimeout(() => {}, 60_000);
    undo.push(
      () => port1.close(),
      () => clearTimeout(timer),
    );
  }
  const after = new ResourceReader().read() ?? {};
  for (const each of undo) {
    each();
  }
  expect((after['Timeout'] ?? 0) - (before['Timeout'] ?? 0)).toBe(40);
  expect((after['MessagePort'] ?? 0) - (before['MessagePort'] ?? 0)).toBe(80);
});

test('it goes on reading once its budget is paid back', async () => {
  const reader = new ResourceReader();
  expect(reader.read()).toBeDefined();
  await vi.waitFor(() => expect(reader.read()).toBeDefined(), { timeout: 20_000, interval: 20 });
});

describe('the pace follows the price', () => {
  // The module holds the clock and the reading since it was loaded: it is loaded anew over these.
  let nowMs: number;
  let priceMs: number;
  let reads: number;
  let reader: ResourceReader;

  beforeEach(async () => {
    nowMs = 5000;
    reads = 0;
    const read = process.getActiveResourcesInfo.bind(process);
    vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => BigInt(Math.round(nowMs * 1e6)));
    vi.spyOn(process, 'getActiveResourcesInfo').mockImplementation(() => {
      nowMs += priceMs;
      reads += 1;
      return read();
    });
    vi.resetModules();
    const fresh = await import('../../src/main/resources.ts');
    reader = new fresh.ResourceReader();
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.resetModules();
  });

  test.each([
    [0.02, 1000],
    [1, 1000],
    [50, 5000],
  ])('a read of %f ms is followed by none for %i times as long', (price, times) => {
    priceMs = price;
    expect(reader.read()).toBeDefined();
    nowMs += price * (times - 1);
    expect(reader.read()).toBeUndefined();
    expect(reads).toBe(1);
    nowMs += price * 2;
    expect(reader.read()).toBeDefined();
    expect(reads).toBe(2);
  });

  test('all reads together take at most a thousandth of the time, whatever they cost', () => {
    const start = nowMs;
    let spentMs = 0;
    for (let turn = 0; turn < 10_000; turn += 1) {
      priceMs = 0.1 + (turn % 7);
      const readsBefore = reads;
      reader.read();
      spentMs += reads > readsBefore ? priceMs : 0;
      nowMs += 10;
    }
    expect(reads).toBeGreaterThan(5);
    // The last read is not paid back yet.
    expect(spentMs - 7.1).toBeLessThanOrEqual((nowMs - start) / 1000);
  });
});
