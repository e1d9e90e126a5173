// An Express application that switches Loopscope on and off within itself, and notes the main thread's CPU per request
// of each stretch: so that what differs between two processes, and drifts in one, is in both sides of a pair.
import { readFile } from 'node:fs/promises';
import { setTimeout as pass, setImmediate as turn } from 'node:timers/promises';
import express from 'express';

const [sdk, pairs, options] = JSON.parse(process.env.BENCH_SWITCHES ?? '[]');
const { start } = await import(sdk);
const stretchMs = 2500;
const settleMs = 700;

let requests = 0;
const app = express();
app.use((_request, _response, next) => {
  requests += 1;
  next();
});
/** Timers, immediates and a file. */
app.get('/mixed', async (_request, response) => {
  await Promise.all([pass(1), turn(), readFile(import.meta.filename)]);
  response.json({ mixed: true });
});
app.get('/awaits', async (_request, response) => {
  let sum = 0;
  for (let index = 0; index < 200; index += 1) {
    sum += await Promise.resolve(index);
  }
  response.json({ sum });
});
app.get('/json', (_request, response) => {
  response.json({ id: 7, lines: Array.from({ length: 20 }, (_, line) => ({ line, item: `item ${line}` })) });
});

const cpuMicroseconds = () => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

let handle;

async function enter(state) {
  if (state === 'on') {
    handle = start(options);
    while (handle.url === undefined) {
      await pass(10);
    }
  } else {
    await handle?.stop();
    handle = undefined;
  }
  await pass(settleMs);
}

async function stretch(state) {
  await enter(state);
  const [cpu, served] = [cpuMicroseconds(), requests];
  await pass(stretchMs);
  return (cpuMicroseconds() - cpu) / (requests - served);
}

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listens on http://127.0.0.1:${server.address().port}`);
});
while (requests < 2000) {
  await pass(50);
}
// Both once before what counts: compiled code, and a heap that has found its size.
for (const state of ['on', 'off']) {
  await stretch(state);
}
const readings = { on: [], off: [] };
for (let pair = 0; pair < pairs; pair += 1) {
  // Each first as often as the other.
  for (const state of pair % 2 === 0 ? ['on', 'off'] : ['off', 'on']) {
    readings[state].push(await stretch(state));
  }
}
console.log(`readings ${JSON.stringify(readings)}`);
