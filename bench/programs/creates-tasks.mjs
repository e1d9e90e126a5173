// Creates many tasks in a census or without one, and tells what that took of its own thread. Told by its
// arguments: `census` or `plain`, the number of tasks, and the module that gives the agent's handle.
import { setImmediate as turn } from 'node:timers/promises';

const [mode, count, sdk] = process.argv.slice(2);
const tasks = Number(count);
const { start } = await import(sdk);
const handle = start();
// On Node 22 a census is had with promises only.
const promises = Number.parseInt(process.versions.node, 10) < 24;

const cpuMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const work = (number) => {
  const timers = [];
  for (let index = 0; index < number; index += 1) {
    timers.push(setTimeout(() => {}, 600_000));
  }
  return timers;
};

/** The longest turn of the loop within a time, in milliseconds of this thread's CPU, and the largest memory. */
async function longestTurn(ms) {
  const end = performance.now() + ms;
  let longest = 0;
  let resident = 0;
  let before = cpuMs();
  while (performance.now() < end) {
    await turn();
    const now = cpuMs();
    longest = Math.max(longest, now - before);
    before = now;
    resident = Math.max(resident, process.memoryUsage.rss());
  }
  return { longest, resident };
}

// What is compiled on its first use is compiled now, of the census too.
for (let round = 0; round < 3; round += 1) {
  if (mode === 'census') {
    handle.setTasks('census', { seconds: 60, promises });
  }
  work(5000).forEach(clearTimeout);
  await longestTurn(300);
  handle.setTasks('rate');
  await longestTurn(500);
}

const residentBefore = process.memoryUsage.rss();
const first = cpuMs();
if (mode === 'census') {
  handle.setTasks('census', { seconds: 60, promises });
}
const began = cpuMs();
const timers = work(tasks);
const created = cpuMs();
const meanwhile = await longestTurn(500);
const ending = cpuMs();
handle.setTasks('rate');
const ended = cpuMs();
const after = await longestTurn(2000);
timers.forEach(clearTimeout);
console.log(
  JSON.stringify({
    createMs: created - began,
    beginMs: began - first,
    endMs: ended - ending,
    longestTurnMs: after.longest,
    residentBytes: Math.max(meanwhile.resident, after.resident) - residentBefore,
  }),
);
process.exit();
