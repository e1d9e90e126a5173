// Async tasks, and what is suspected to leak.
import type { MetricDefinition } from '../metric-definition.ts';
import { own, thread } from './common.ts';

const taskType = {
  type: "The task's type, such as `Timeout` or `TCPWRAP`, as `async_hooks` names it. Of the types that the application makes up the first 24 are told apart; the others are `other`.",
  ...thread,
};

export const taskMetrics = [
  {
    ...own,
    name: 'loopscope.async.operations',
    instrument: 'counter',
    unit: '{operation}',
    description: 'Async operations that have been started',
    definition:
      'Async ids that Node has handed out, read about once a second without a hook. Promises take an id only while somebody hooks them: on Node 22 that is any use of `AsyncLocalStorage`. Absent at the level `off`.',
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.async.tasks.created',
    instrument: 'counter',
    unit: '{task}',
    description: 'Async tasks that have been created, by type',
    definition:
      'From the `init` hook, at the levels `counts` and `census`; it stands still at others. Without promises unless they were asked for. Absent until tasks are first counted.',
    attributes: taskType,
  },
  {
    ...own,
    name: 'loopscope.async.tasks.destroyed',
    instrument: 'counter',
    unit: '{task}',
    description: 'Async tasks that have been destroyed, by type',
    definition:
      'From the `destroy` hook, of the tasks that were seen as they were created. Absent until tasks are first counted.',
    attributes: taskType,
  },
  {
    ...own,
    name: 'loopscope.async.tasks.live',
    instrument: 'updowncounter',
    unit: '{task}',
    description: 'Async tasks that exist, by type',
    definition:
      'Created and not destroyed, of the tasks created since they are counted; also the pool jobs of crypto and zlib. At most 524288 are followed. Absent where tasks are not counted.',
    attributes: taskType,
  },
  {
    ...own,
    name: 'loopscope.async.level',
    instrument: 'updowncounter',
    unit: '{level}',
    description: 'How closely async tasks are looked at',
    definition: '1 for the level that is in force.',
    attributes: { level: '`off`, `rate`, `counts` or `census`.', ...thread },
  },
  {
    ...own,
    name: 'loopscope.leak.suspected',
    instrument: 'updowncounter',
    unit: '{leak}',
    description: 'Counts that grow as a leak does',
    definition:
      '1 while a count is suspected: the lowest value of each window (`LOOPSCOPE_LEAK_WINDOW_MS`, 10 and 60 times as long) has risen six times in a row to where it never was before, by 100 and a tenth at least, across two major garbage collections, neither flattening nor in step with the load; the first five windows are left out. It ends when the count falls back by half, or has not been proven for ten windows.',
    attributes: {
      kind: '`task`, where tasks are counted; else `resource`; or `file_descriptor`.',
      type: 'The type of the task or resource; `any` for file descriptors.',
      thread: "The application thread; absent for file descriptors, which are the process's.",
    },
  },
  {
    ...own,
    name: 'loopscope.listener.warnings',
    instrument: 'counter',
    unit: '{warning}',
    description: 'Warnings of Node that an emitter has too many listeners',
    definition: '`MaxListenersExceededWarning`, as `process` emits it: once for each emitter and event.',
    attributes: thread,
  },
] as const satisfies readonly MetricDefinition[];
