// Blocks its loop, or those of its worker threads, by a plan, and writes down the truth.
//
// It prints `{"ready":true,"url":…}` and waits for a line: the plan. It prints each block's beginning, and
// `{"done":true}` once the truth is in the file that the plan names. It ends with its standard input.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { startRecord } from './record.mjs';
import { runStep, say } from './schedule.mjs';

// Takes `?work=` thousand steps for each request.
const server = createServer((request, response) => {
  const work = Number(new URL(request.url, 'http://localhost').searchParams.get('work'));
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ total: handleOrder(work * 1_000) }));
});
server.keepAliveTimeout = 60_000;

function handleOrder(steps) {
  let total = 0;
  for (let step = 0; step < steps; step += 1) {
    total += Math.sqrt(step);
  }
  return total;
}

async function runOnMain({ steps }) {
  const take = startRecord();
  const truths = [];
  for (const step of steps) {
    truths.push(await runStep(step, 0));
  }
  return { truths, records: [{ thread: 0, ...take() }] };
}

/** On worker threads: in turn, or each through its share of the steps at the same time. */
async function runOnWorkers({ steps, workers: count, together }) {
  const takeMain = startRecord();
  const workers = Array.from({ length: count }, () => new Worker(new URL('./worker.mjs', import.meta.url)));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const ask = async (worker, message) => {
    const answer = once(worker, 'message');
    worker.postMessage(message);
    return (await answer)[0];
  };
  const truths = [];
  const runShare = async (worker, share) => {
    for (const step of share) {
      truths.push((await ask(worker, step)).truth);
    }
  };
  if (together) {
    const shareOf = (index) => steps.filter((_, at) => at % count === index);
    await Promise.all(workers.map((worker, index) => runShare(worker, shareOf(index))));
  } else {
    for (const [at, step] of steps.entries()) {
      await runShare(workers[at % count], [step]);
    }
  }
  const answers = await Promise.all(workers.map((worker) => ask(worker, 'end')));
  return { truths, records: [{ thread: 0, ...takeMain() }, ...answers.map(({ record }) => record)] };
}

server.listen(0, '127.0.0.1', () => {
  say({ ready: true, url: `http://127.0.0.1:${server.address().port}` });
});

createInterface({ input: process.stdin })
  .once('line', (line) => void runPlan(JSON.parse(line)))
  .once('close', () => process.exit());

async function runPlan(plan) {
  const result = plan.workers > 0 ? await runOnWorkers(plan) : await runOnMain(plan);
  writeFileSync(plan.truthFile, JSON.stringify(result));
  say({ done: true });
}
