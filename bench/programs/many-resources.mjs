// Holds many sockets and timers, and tells each turn in which its active resources are read: preloaded
// before Loopscope, it stands between it and Node.
import { connect, createServer } from 'node:net';

const [sockets, timers, seconds] = (process.env.BENCH_RESOURCES ?? '').split(',').map(Number);
const read = process.getActiveResourcesInfo;
const turns = [];
const cpuMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

process.getActiveResourcesInfo = function getActiveResourcesInfo() {
  const before = performance.now();
  const cpuBefore = cpuMs();
  // The rest of the sample is in it: the counting, and what else is read each second.
  const resources = read.call(process);
  queueMicrotask(() =>
    turns.push({
      ms: performance.now() - before,
      cpuMs: cpuMs() - cpuBefore,
      resources: resources.length,
    }),
  );
  return resources;
};

const held = [];
const server = createServer((socket) => held.push(socket));
server.listen({ port: 0, host: '127.0.0.1', backlog: 511 }, () => {
  more(0);
});

function more(opened) {
  if (opened >= sockets) {
    for (let index = 0; index < timers; index += 1) {
      held.push(setTimeout(() => {}, 600_000 + (index % 5000)));
    }
    setTimeout(tell, seconds * 1000);
    return;
  }
  let pending = 100;
  for (let index = 0; index < 100; index += 1) {
    const socket = connect(server.address().port, '127.0.0.1', () => {
      held.push(socket);
      pending -= 1;
      if (pending === 0) {
        more(opened + 200);
      }
    });
  }
}

function tell() {
  console.log(JSON.stringify({ elapsedMs: performance.now(), turns }));
  process.exit();
}
