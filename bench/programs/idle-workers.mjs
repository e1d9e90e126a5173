// An application that waits with as many workers that wait as its argument says. It tells when all have begun.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

if (isMainThread) {
  const workers = Array.from({ length: Number(process.argv[2]) }, () => new Worker(new URL(import.meta.url)));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  console.log('ready');
  setInterval(() => {}, 2 ** 30);
} else {
  parentPort.on('message', () => {});
  parentPort.postMessage('ready');
}
