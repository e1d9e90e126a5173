// Holds its loop as it is told to, from timers or from the handlers of requests, and keeps account of
// it: from the start of a turn's first block to the check phase of that turn, before which no timer
// that falls due meanwhile can run.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers';
import { setTimeout as pass } from 'node:timers/promises';

const now = () => Number(process.hrtime.bigint()) / 1e6;
const say = (fact) => process.stdout.write(`${JSON.stringify(fact)}\n`);

/** Start and end of each time in which the loop was held. */
let held = [];
let open = false;

function block(ms) {
  const start = now();
  if (!open) {
    open = true;
    held.push([start, start]);
    setImmediate(() => {
      open = false;
      held.at(-1)[1] = now();
    });
  }
  while (now() - start < ms) {
    // The loop is held.
  }
}

const server = createServer((request, response) => {
  block(Number(request.headers['x-hold-ms']));
  response.end();
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => say({ port: server.address().port }));

/** One after the other: a pause, and a block from the timer that ends it. */
async function holdFromTimers(plan, durationMs) {
  const end = now() + durationMs;
  for (const { pauseMs, lengthMs } of plan) {
    await pass(pauseMs);
    if (now() >= end) {
      return;
    }
    block(lengthMs);
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { begin, timers, durationMs } = JSON.parse(line);
  if (begin) {
    held = [];
    say({ began: now() });
  } else if (timers) {
    void holdFromTimers(timers, durationMs).then(() => say({ done: true }));
  } else {
    say({ ended: now(), held });
  }
});
