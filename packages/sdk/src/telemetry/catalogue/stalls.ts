// Stalls of the event loop, and what must not be taken for one.
import type { MetricDefinition } from '../metric-definition.ts';
import { own, thread } from './common.ts';

const cause = {
  cause: 'Why: `cpu`, `gc`, `sync-io`, `microtasks`, `starved` or `unknown` (docs/CAUSES.md).',
};
const phase = { phase: "When in the process's life it began: `startup`, `running` or `exiting`." };

export const stallMetrics = [
  {
    ...own,
    name: 'loopscope.eventloop.stall.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'Length of the stalls of the event loop',
    definition:
      'One value for each closed stall: a period of at least the threshold (`LOOPSCOPE_STALL_THRESHOLD_MS`) in which the loop did not turn. Time in which the whole process was suspended is taken out; stalls with a debugger port open are left out.',
    attributes: { ...cause, ...phase, ...thread },
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  {
    ...own,
    name: 'loopscope.eventloop.stall.time',
    instrument: 'counter',
    unit: 's',
    description: 'Time lost to stalls of the event loop, the one in progress included',
    definition:
      'The sum of the durations of all stalls; a stall in progress adds its present age, so that the counter rises while the loop is blocked. The series of the phase `running` is there from the start.',
    attributes: { ...phase, ...thread },
  },
  {
    ...own,
    name: 'loopscope.eventloop.stall.culprit.time',
    instrument: 'counter',
    unit: 's',
    description: 'Time lost to stalls of the event loop, by the code to blame',
    definition:
      'The durations of closed stalls by their culprit. The first 20 fingerprints of the process have a series of their own for its life; later ones are counted together under `other`. Stalls of which no stack was taken are left out, as are those with a debugger port open.',
    attributes: {
      'code.function.name': "The culprit's function.",
      'code.file.path':
        'Its file, relative to its package, without a line: at most the last 120 characters. `other` for later culprits.',
      fingerprint: 'Equal for stalls of the same culprit, across processes and deploys.',
      ...thread,
    },
  },
  {
    ...own,
    name: 'loopscope.eventloop.stall.requests',
    instrument: 'counter',
    unit: '{request}',
    description: 'Server requests that stalls of the event loop kept waiting',
    definition:
      'HTTP/1 requests that had started and were not answered as the loop stood still, added up over all stalls, the one in progress included; the request that blocks is among them. A lower bound: requests that arrive meanwhile wait unread in their sockets.',
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.eventloop.stall.requests.time',
    instrument: 'counter',
    unit: 's',
    description: 'Time that server requests lost to stalls of the event loop, added up',
    definition:
      'For each stall its duration times the requests of `loopscope.eventloop.stall.requests`: each of them waited through all of it.',
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.eventloop.stall.active',
    instrument: 'updowncounter',
    unit: '{stall}',
    description: 'Stalls in progress',
    definition: "1 while the thread's loop is stalled, else 0.",
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.eventloop.stall.age',
    instrument: 'gauge',
    unit: 's',
    description: 'Age of the stall in progress, 0 when there is none',
    definition:
      'Read at the moment of collection, on the agent thread: it is right while the loop is blocked.',
    attributes: thread,
  },
  {
    ...own,
    name: 'loopscope.process.suspensions',
    instrument: 'counter',
    unit: '{suspension}',
    description: 'Times the whole process was suspended',
    definition:
      'The agent thread was late by at least 50 ms, and neither its own CPU time nor its wait for a CPU explains half of it: SIGSTOP, a frozen container, a paused virtual machine. Never counted as a stall.',
    attributes: {},
  },
  {
    ...own,
    name: 'loopscope.process.suspension.time',
    instrument: 'counter',
    unit: 's',
    description: 'Time for which the whole process was suspended',
    definition: "The agent thread's lateness at each of `loopscope.process.suspensions`.",
    attributes: {},
  },
] as const satisfies readonly MetricDefinition[];
