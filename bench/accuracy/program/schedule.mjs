// Goes through a plan, one step after the other, and keeps the truth of each.
import { writeSync } from 'node:fs';
import { setTimeout as pass } from 'node:timers/promises';
import { kinds } from './kinds.mjs';
import { quietKinds } from './quiet-kinds.mjs';
import { sharedNow, waitedForProcessor } from './record.mjs';

/** Says something while the loop may be about to block: from any thread, at once. */
export function say(fact) {
  writeSync(1, `${JSON.stringify(fact)}\n`);
}

/** `thread` is the thread's id, 0 for the main one. */
export async function runStep({ kind, durationMs, gapMs = 0 }, thread) {
  if (kind in quietKinds) {
    const start = sharedNow();
    await quietKinds[kind](durationMs);
    return { kind, thread, quiet: true, start, end: sharedNow() };
  }
  const { prepare, block } = kinds[kind];
  // Half of the gap first: the loop has to turn between the last block and what is prepared for this one.
  await pass(gapMs / 2);
  await prepare?.(durationMs);
  await pass(gapMs / 2);
  return await new Promise((resolve) => {
    // A turn of its own.
    setTimeout(() => void blockOnce(kind, block, durationMs, thread).then(resolve), 1);
  });
}

async function blockOnce(kind, block, durationMs, thread) {
  const waited = waitedForProcessor();
  say({ beginning: kind, thread, at: sharedNow() });
  const start = sharedNow();
  await block(durationMs);
  const end = sharedNow();
  return { kind, thread, quiet: false, start, end, waitedMs: waitedForProcessor() - waited };
}
