import { expect, test } from 'vitest';
import { isIdleStack } from '../../src/agent/parked-stack.ts';

const own = 'file:///srv/node_modules/@loopscope/sdk/dist/register.js';
const pool = '/srv/node_modules/piscina/dist/worker.js';
const task = 'file:///srv/src/task.js';
const queues = 'node:internal/process/task_queues';
const entry = 'node:internal/main/worker_thread';

test.each<[string, string[], boolean]>([
  ['a package that waits for work', [pool, pool, queues], true],
  ['a task that waits by itself', [task, pool, queues], false],
  ['a task that has called a package which waits', ['/srv/node_modules/rpc/index.js', task, queues], false],
  [
    "a loop of the application's as a CommonJS worker's module",
    [task, task, 'node:internal/modules/cjs/loader', entry, 'node:internal/event_target'],
    true,
  ],
  ["a loop as a worker's ES module", [task, 'node:internal/modules/esm/module_job'], true],
  ["Node's own wait", ['node:internal/modules/esm/hooks', task, entry], false],
  ['nothing', [], false],
])('the stack of %s', (_, scripts, idle) => {
  const stack = [own, '', ...scripts].map((scriptName) => ({
    functionName: 'f',
    scriptName,
    lineNumber: 1,
    columnNumber: 1,
  }));
  expect(isIdleStack(stack, own)).toBe(idle);
});
