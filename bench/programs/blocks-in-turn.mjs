// Idle until a line arrives on its standard input: a kind of block, its duration and a pause before it,
// in milliseconds. It says when the block is about to begin, and afterwards its true start and end, on
// the clock that all processes share.
import { createInterface } from 'node:readline';
import { kinds } from './blocking-kinds.mjs';

const now = () => Number(process.hrtime.bigint()) / 1e6;
const say = (fact) => process.stdout.write(`${JSON.stringify(fact)}\n`);

createInterface({ input: process.stdin }).on('line', (line) => {
  const { kind, durationMs, pauseMs } = JSON.parse(line);
  const { prepare, block } = kinds[kind];
  prepare?.(durationMs);
  setTimeout(() => void run(kind, block, durationMs), pauseMs);
});

async function run(kind, block, durationMs) {
  say({ beginning: kind, at: now() });
  const start = now();
  await block(durationMs);
  say({ kind, start, end: now() });
}
