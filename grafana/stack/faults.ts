// Drives the faults of a demo that runs already, until it is ended: the container `faults` of compose.yaml.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { faults } from '../../packages/demo-app/src/faults/index.ts';
import { driveFault } from './drive-faults.ts';

const { values } = parseArgs({ options: { url: { type: 'string', default: 'http://127.0.0.1:3000' } } });
const end = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () => end.abort());
}

while (!end.signal.aborted) {
  for (const fault of faults) {
    console.log(`${fault.name}: ${fault.title}`);
    // A demo that is being restarted refuses: the next round finds it again.
    await driveFault(values.url, { fault, seconds: 45, ms: 600, pauseMs: 400 }, end.signal).catch(() => {});
    await delay(15_000, undefined, { signal: end.signal }).catch(() => {});
  }
}
