import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isBlocking } from '../src/fault.ts';
import { faults } from '../src/faults/index.ts';

const askedMs = 200;
const blocking = faults.filter(isBlocking);
const free = faults.filter((fault) => !isBlocking(fault));

let scratch: string;
const outerScratch = process.env['TMPDIR'];

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'faults-test-'));
  process.env['TMPDIR'] = scratch;
});

afterAll(() => {
  if (outerScratch === undefined) {
    delete process.env['TMPDIR'];
  } else {
    process.env['TMPDIR'] = outerScratch;
  }
  rmSync(scratch, { recursive: true });
});

test('names, routes and culprits are told apart', () => {
  expect(blocking.length).toBe(12);
  expect(free.length).toBe(3);
  for (const of of [
    faults.map(({ name }) => name),
    faults.map(({ route }) => route),
    blocking.map(({ culprit }) => culprit.function),
  ]) {
    expect(new Set(of).size).toBe(of.length);
  }
});

describe.each(blocking.map((fault) => [fault.name, fault] as const))('%s', (_, fault) => {
  test('keeps the loop from turning for at least half of the time asked for', async () => {
    const start = performance.now();
    const result = fault.run(askedMs);
    await new Promise((resolve) => setImmediate(resolve));
    expect(performance.now() - start).toBeGreaterThan(askedMs / 2);
    await result;
  });

  test('leaves no file behind', () => {
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('has its culprit in its own file', () => {
    expect(readFileSync(fault.culprit.file, 'utf8')).toMatch(
      new RegExp(`^(async )?function ${fault.culprit.function}\\(`, 'm'),
    );
  });

  test('matches its own route', () => {
    expect(fault.path).toMatch(new RegExp(`^${fault.route.replaceAll(/:\w+/g, '[^/]+')}$`));
  });
});

describe.each(free.map((fault) => [fault.name, fault] as const))('%s', (_, fault) => {
  test('lets the loop turn while it lasts', async () => {
    let settled = false;
    let turns = 0;
    const done = Promise.resolve(fault.run(askedMs)).then(() => {
      settled = true;
    });
    while (!settled || turns < 3) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
    await done;
    expect(turns).toBeGreaterThanOrEqual(3);
    fault.release?.();
  });
});

test.each([
  ['leaked-timers', 'timers', 'Timeout', 5_000],
  ['leaked-sockets', 'sockets', 'TCPSocketWrap', 400],
] as const)(
  '%s leaks up to a bound, and gives all back at the end',
  async (name, counted, resource, bound) => {
    const fault = faults.find((candidate) => candidate.name === name);
    const open = (): number => process.getActiveResourcesInfo().filter((type) => type === resource).length;
    const counts: number[] = [];
    for (let request = 0; request < 130; request++) {
      const result = (await fault?.run(askedMs)) as Record<string, number>;
      counts.push(result[counted] ?? 0);
    }
    expect(counts[1]).toBe(2 * (counts[0] ?? 0));
    expect(counts.at(-1)).toBe(bound);
    expect(open()).toBeGreaterThanOrEqual(bound);
    fault?.release?.();
    await expect.poll(open).toBeLessThan(bound);
  },
);
