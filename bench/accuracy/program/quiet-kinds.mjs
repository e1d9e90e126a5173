// What a healthy process does, and nobody may report: each takes its time and never holds the loop.
import { setTimeout as pass } from 'node:timers/promises';

export const quietKinds = {
  idling: (durationMs) => pass(durationMs),
  'long-awaits': awaitAnswers,
  'many-timers': keepTimers,
  'busy-turns': takeTurns,
};

/** Two hundred promises that all take as long as there is time. */
async function awaitAnswers(durationMs) {
  await Promise.all(Array.from({ length: 200 }, (_, index) => pass(durationMs - index)));
}

/** Thousands of timers that do next to nothing, set anew as they go off. */
async function keepTimers(durationMs) {
  const end = performance.now() + durationMs;
  let due = 0;
  const again = (index) => {
    due += 1;
    if (performance.now() < end) {
      setTimeout(again, 50 + (index % 950), index);
    }
  };
  for (let index = 0; index < 3_000; index += 1) {
    setTimeout(again, 50 + (index % 950), index);
    if (index % 100 === 0) {
      await pass(1);
    }
  }
  await pass(Math.max(0, end - performance.now()));
  return due;
}

/** A service at a fifth of a processor, which only outside causes can bring to a stand. */
async function takeTurns(durationMs) {
  const end = performance.now() + durationMs;
  while (performance.now() < end) {
    serveTurn();
    await pass(15);
  }
}

// A count and not a time: who gets no processor takes longer for it.
function serveTurn() {
  let total = 0;
  for (let item = 0; item < 1_000_000; item += 1) {
    total += Math.sqrt(item);
  }
  return total;
}
