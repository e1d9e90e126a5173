// The floor: the native histogram, strongly held, and an empty worker thread that keeps nothing alive.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';

export const histogram = monitorEventLoopDelay({ resolution: 25 });
histogram.enable();

// It waits for messages as any agent thread must, or it would end at once and cost nothing.
const wait = "require('node:worker_threads').parentPort.on('message', () => {})";
new Worker(wait, { eval: true, execArgv: [], env: {}, stdin: false }).unref();
