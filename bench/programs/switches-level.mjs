// Preloaded into the demo: switches the level of tasks after every few requests, and notes the main
// thread's CPU of each slice. Slices of some milliseconds, so that whatever else the machine does happens
// to each level alike.
import { subscribe } from 'node:diagnostics_channel';

const [sdk, levelList, slices, size] = (process.env.BENCH_LEVELS ?? '').split(';');
const levels = levelList.split(',');
const requestsPerSlice = Number(size);
const { start } = await import(sdk);
const handle = start();
const promises = Number.parseInt(process.versions.node, 10) < 24;

const cpuMicroseconds = () => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

function enter(level) {
  handle.setTasks(level.replace(/'$/, ''), level.startsWith('counts') ? { promises } : {});
}

const readings = Object.fromEntries(levels.map((level) => [level, []]));
// Compiled code first.
const warmUpSlices = 60;
let slice = -warmUpSlices;
let requests = 0;
let order = [...levels];
let level = order[0];
let base = cpuMicroseconds();

subscribe('http.server.request.start', () => {
  requests += 1;
  if (requests % requestsPerSlice !== 0 || slice >= Number(slices)) {
    return;
  }
  if (slice >= 0) {
    readings[level].push((cpuMicroseconds() - base) / requestsPerSlice);
  }
  if (order.length === 0) {
    slice += 1;
    if (slice === Number(slices)) {
      console.log(`levels ${JSON.stringify(readings)}`);
      return;
    }
    // In another order each time.
    const turned = slice & 1 ? levels.toReversed() : [...levels];
    const by = Math.abs(slice) % levels.length;
    order = [...turned.slice(by), ...turned.slice(0, by)];
  }
  level = order.shift();
  enter(level);
  base = cpuMicroseconds();
});
