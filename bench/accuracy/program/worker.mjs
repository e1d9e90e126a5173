// A thread that blocks as it is told.
import { parentPort, threadId } from 'node:worker_threads';
import { startRecord } from './record.mjs';
import { runStep } from './schedule.mjs';

const take = startRecord();
parentPort.on('message', (step) => {
  if (step === 'end') {
    parentPort.postMessage({ record: { thread: threadId, ...take() } });
    parentPort.close();
  } else {
    void runStep(step, threadId).then((truth) => parentPort.postMessage({ truth }));
  }
});
parentPort.postMessage({ ready: true });
