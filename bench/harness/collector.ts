// A real OTLP endpoint that takes whatever it is given, on a thread of its own: the benchmark's thread
// stands still while it measures how long a process runs.
import { Worker } from 'node:worker_threads';

export interface Collector extends AsyncDisposable {
  readonly url: string;
  /** How many pushes it has taken since its start. */
  readonly taken: () => number;
}

export async function startCollector(): Promise<Collector> {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./collector-thread.ts', import.meta.url), { workerData: counter });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    taken: () => Atomics.load(counter, 0),
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}
