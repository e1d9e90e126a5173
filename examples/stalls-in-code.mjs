// Starts Loopscope in code, is told of each stall, and stops it again. Run it: node stalls-in-code.mjs
import { start } from '@loopscope/sdk';

const loopscope = start({ stallThresholdMs: 50, exporters: [] });

function parseConfiguration() {
  const end = performance.now() + 300;
  while (performance.now() < end) {
    JSON.parse('{"a":[1,2,3]}');
  }
}

const told = new Promise((resolve) => {
  loopscope.on('stall', ({ type, stall }) => {
    const { culprit, cause, durationMs } = stall;
    if (type === 'closed' && culprit?.function === 'parseConfiguration') {
      console.log(
        `blocked by ${culprit.function}, line ${culprit.line}, cause ${cause}, for 0.3 s: ${durationMs > 250}`,
      );
      resolve();
    }
  });
});

// Nothing of Loopscope's keeps a process alive.
const alive = setInterval(() => {}, 1000);
setTimeout(parseConfiguration, 200);
await told;

const { metrics } = await loopscope.collect();
const stalls = metrics.find(({ name }) => name === 'loopscope.eventloop.stall.duration');
console.log(`counted: ${stalls.points.some(({ count }) => count > 0)}`);
clearInterval(alive);
await loopscope.stop();
console.log(loopscope.state);
