import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { tellFirstTurn } from '../../src/main/first-turn.ts';
import { monotonicNow } from '../../src/shared/clock.ts';
import type { TurnedMessage } from '../../src/shared/messages.ts';

test('the first turn is told once, with its moment', async () => {
  const told: TurnedMessage[] = [];
  const before = monotonicNow();
  onTestFinished(tellFirstTurn((message) => told.push(message)));
  expect(told).toEqual([]);
  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(told[0]?.at).toBeGreaterThanOrEqual(before);
  await delay(1);
  expect(told).toHaveLength(1);
});

test('not at all once it is undone', async () => {
  const told: TurnedMessage[] = [];
  tellFirstTurn((message) => told.push(message))();
  await delay(1);
  expect(told).toEqual([]);
});
