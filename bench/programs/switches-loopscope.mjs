// An Express application that switches Loopscope on and off within itself, and notes the main thread's CPU per request
// of each stretch: so that what differs between two processes, and drifts in one, is in both sides of a pair.
import { setTimeout as pass } from 'node:timers/promises';
import express from 'express';
import { addRoutes } from './routes.mjs';

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
addRoutes(app);

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
