import { expect, onTestFinished, test } from 'vitest';
import { handleOff } from '../../src/main/handle.ts';
import { fillSlot, readSlot, type Slot } from '../../src/main/slot.ts';
import { slotName } from '../../src/shared/slot-name.ts';

function newSlot(sdkVersion: string): Slot {
  return {
    sdkVersion,
    acquire: () => handleOff('a test'),
    probe: () => {},
    position: () => {},
    relay: () => {},
    relayed: () => {},
  };
}

function fill(slot: Slot): () => void {
  const empty = fillSlot(slot);
  onTestFinished(empty);
  return empty;
}

test('a slot that is filled is found, by its name on the global object too, until it is emptied', () => {
  expect(readSlot()).toBeUndefined();
  const slot = newSlot('1.0.0');
  const empty = fill(slot);
  expect(readSlot()).toBe(slot);
  expect((globalThis as Record<symbol, unknown>)[Symbol.for(slotName)]).toBe(slot);
  empty();
  expect(readSlot()).toBeUndefined();
});

test('code that lists or copies globals does not meet it', () => {
  fill(newSlot('1.0.0'));
  expect(Object.getOwnPropertySymbols({ ...globalThis })).not.toContain(Symbol.for(slotName));
  expect(Object.keys(globalThis)).not.toContain(slotName);
});

test('one who empties it late leaves the slot of the next alone', () => {
  const emptyFirst = fill(newSlot('1.0.0'));
  const second = newSlot('2.0.0');
  fill(second);
  emptyFirst();
  expect(readSlot()).toBe(second);
});
