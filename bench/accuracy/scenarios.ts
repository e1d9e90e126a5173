// Under what circumstances a loop is blocked, or is to be left in peace.
import type { RunningProcess } from '../harness/running-process.ts';
import { seededRandom } from '../harness/seeded-random.ts';
import { compete, pauseByDebugger, suspend, throttle } from './outside.ts';
import { planBlocks, type Step } from './plan.ts';
import type { Forbidden } from './truth.ts';

export interface Scenario {
  readonly name: string;
  /** `blocks` by the plan; `quiet`, when nothing may be reported; `outside`, when others stop the loop. */
  readonly group: 'blocks' | 'workers' | 'quiet' | 'outside';
  readonly clients?: Clients;
  readonly workers?: { readonly count: number; readonly together: boolean };
  /** Node's own, before the program. */
  readonly args?: readonly string[];
  readonly steps: (amount: Amount, seed: number) => readonly Step[];
  /** What is done to the process from outside while it goes through its steps. */
  readonly outside?: (running: RunningProcess, lengthMs: number) => Promise<readonly Forbidden[]>;
  /** Its record is the truth: each stop of the loop in this run is a block of this kind. */
  readonly stopsAre?: string;
  /** Why it can't be had on this machine. */
  readonly unavailable?: () => string | undefined;
}

/** How much of it is wanted in one process. */
export interface Amount {
  readonly blocks: number;
  readonly quietMs: number;
}

/** Each asks for some work, and again a while after the answer. */
export interface Clients {
  readonly count: number;
  readonly pauseMs: number;
  /** Thousands of steps for each request; a thousand take about a microsecond or two. */
  readonly work: number;
}

/** A quarter of a processor. */
const healthyClients: Clients = { count: 8, pauseMs: 18, work: 350 };
/** More than nine tenths of one; a block holds up three requests, which are short. */
const saturatingClients: Clients = { count: 3, pauseMs: 1, work: 800 };

const blocks = ({ blocks: count }: Amount, seed: number): readonly Step[] => planBlocks(count, seed);
const quiet =
  (...names: readonly string[]) =>
  ({ quietMs }: Amount): readonly Step[] =>
    names.map((kind) => ({ kind, durationMs: quietMs / names.length }));

const mostOutsideMs = 15_000;
const busyTurns = ({ quietMs }: Amount): readonly Step[] => [
  { kind: 'busy-turns', durationMs: Math.min(quietMs, mostOutsideMs) },
];
const idling = ({ quietMs }: Amount): readonly Step[] => [
  { kind: 'idling', durationMs: Math.min(quietMs, mostOutsideMs) },
];

export const scenarios: readonly Scenario[] = [
  { name: 'idle', group: 'blocks', steps: blocks },
  { name: 'healthy', group: 'blocks', clients: healthyClients, steps: blocks },
  { name: 'saturated', group: 'blocks', clients: saturatingClients, steps: blocks },
  { name: 'workers in turn', group: 'workers', workers: { count: 4, together: false }, steps: blocks },
  { name: 'workers together', group: 'workers', workers: { count: 4, together: true }, steps: blocks },
  { name: 'quiet', group: 'quiet', steps: quiet('idling', 'long-awaits', 'many-timers') },
  { name: 'quiet throughput', group: 'quiet', clients: healthyClients, steps: quiet('idling') },
  { name: 'suspended', group: 'quiet', steps: idling, outside: suspend },
  {
    name: 'debugger',
    group: 'quiet',
    args: ['--inspect=127.0.0.1:0'],
    steps: idling,
    outside: pauseByDebugger,
  },
  {
    name: 'competing processes',
    group: 'outside',
    steps: busyTurns,
    outside: compete,
    stopsAre: 'competing processes',
  },
  {
    name: 'cpu quota',
    group: 'outside',
    steps: busyTurns,
    outside: throttle.apply,
    stopsAre: 'cpu quota',
    unavailable: throttle.unavailable,
  },
];

/** A number for each part of a scenario, the same for every tool and release. */
export function seedOf(scenario: Scenario, part: number): number {
  const text = `${scenario.name} ${part}`;
  const sum = Buffer.from(text).reduce((hash, byte) => (Math.imul(hash, 31) + byte) | 0, 7);
  return Math.floor(seededRandom(sum)() * 2 ** 31);
}
