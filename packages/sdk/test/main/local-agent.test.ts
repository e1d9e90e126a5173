import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { handleOff } from '../../src/main/handle.ts';
import { LocalAgent } from '../../src/main/local-agent.ts';
import { fillSlot } from '../../src/main/slot.ts';
import { monotonicNow } from '../../src/shared/clock.ts';
import { resolveOptions } from '../../src/shared/resolve-options.ts';
import type { StallEvent } from '../../src/shared/stall.ts';
import { sdkVersion } from '../../src/shared/version.ts';

const script = join(import.meta.dirname, 'fixtures/agent-thread.ts');
const fewSeconds = { timeout: 20_000 };

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) {
    await each();
  }
});

/** A real agent in this process, whose interrupts find it. */
async function startAgent(): Promise<LocalAgent> {
  const agent = new LocalAgent(resolveOptions({ stallThresholdMs: 50 }, {}, {}, 24), script);
  undo.push(() => agent.stop());
  undo.push(
    fillSlot({
      sdkVersion,
      acquire: () => handleOff('a test'),
      probe: (id) => agent.probe(id),
      position: (file, line, column) => agent.position(file, line, column),
      relay: () => {},
      relayed: () => {},
    }),
  );
  // The outlet is made after the watching has begun.
  await expect.poll(() => agent.url, fewSeconds).toBe('http://127.0.0.1:1');
  return agent;
}

function blockingFunction(ms: number): void {
  const end = monotonicNow() + ms;
  while (monotonicNow() < end) {
    // Blocked.
  }
}

test('a stall is told with its stack, from its opening to its close, once the loop turns again', async () => {
  const agent = await startAgent();
  const events: StallEvent[] = [];
  agent.addListener((event) => events.push(event));
  // The agent knows of the listener before the block: it is told in order.
  await new Promise(setImmediate);
  const start = Date.now();
  blockingFunction(600);
  expect(events).toEqual([]);
  // Of a stall from before, only the end may be told.
  const ours = (): StallEvent[] => {
    const shown = events.find(({ stall }) =>
      stall.captures.some(({ frames }) => frames.some((each) => each.function === 'blockingFunction')),
    );
    return events.filter(({ stall }) => stall.id === shown?.stall.id);
  };
  await expect.poll(() => ours().at(-1)?.type, fewSeconds).toBe('closed');
  expect(ours()[0]?.type).toBe('opened');
  const { stall } = ours().at(-1) ?? expect.fail('no stack shows the function that blocked');
  expect(stall).toMatchObject({ state: 'closed', thread: { id: 0, name: 'main' }, suspendedMs: 0 });
  expect(stall.durationMs).toBeGreaterThan(500);
  expect(stall.startedAt).toBeGreaterThan(start - 200);
  expect(stall.cause).toMatch(/^(cpu|starved)$/);
}, 30_000);

test('a listener that throws disturbs no other; one that has left is told no more', async () => {
  const agent = await startAgent();
  const told: string[] = [];
  agent.addListener(() => {
    throw new Error('a listener that fails');
  });
  const same = (): number => told.push('same');
  agent.addListener(same);
  const leave = agent.addListener(same);
  const removeGone = agent.addListener(() => told.push('gone'));
  removeGone();
  leave();
  agent.addListener(({ type }) => told.push(type));
  await new Promise(setImmediate);
  blockingFunction(300);
  await expect.poll(() => told, fewSeconds).toContain('closed');
  expect(told.filter((each) => each === 'same')).toHaveLength(told.length / 2);
  expect(told).not.toContain('gone');
}, 30_000);

test('alerts are told, and one that fires outlives the agent thread that found it', async () => {
  const crashing = join(import.meta.dirname, 'fixtures/crashing-agent-thread.ts');
  const agent = new LocalAgent(resolveOptions({}, {}, {}, 24), crashing);
  undo.push(() => agent.stop());
  const told: string[] = [];
  agent.addAlertListener(() => {
    throw new Error('a listener that fails');
  });
  const leave = agent.addAlertListener(() => told.push('gone'));
  leave();
  agent.addAlertListener(({ name, status }) => told.push(`${name} ${status}`));
  await expect.poll(() => agent.url, fewSeconds).toBe('stays');
  expect(told).toEqual(['stays firing', 'goes firing', 'goes resolved']);
}, 30_000);

test('a stop undoes what was set up, and may come twice', async () => {
  const exitListeners = process.listenerCount('exit');
  const agent = await startAgent();
  expect(process.listenerCount('exit')).toBe(exitListeners + 1);
  await agent.stop();
  await agent.stop();
  expect(process.listenerCount('exit')).toBe(exitListeners);
}, 30_000);
