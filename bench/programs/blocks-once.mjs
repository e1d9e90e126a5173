// Idle until a line arrives on its standard input: a number of milliseconds, for which it then blocks
// its loop, once. It prints the true start and end, on the clock that all processes share.
import { createInterface } from 'node:readline';

const now = () => Number(process.hrtime.bigint()) / 1e6;

createInterface({ input: process.stdin }).once('line', (line) => {
  // A turn of its own.
  setImmediate(holdUp, Number(line));
});

function holdUp(durationMs) {
  const start = now();
  while (now() < start + durationMs);
  process.stdout.write(`${JSON.stringify({ start, end: now() })}\n`);
}
