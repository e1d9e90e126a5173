// A CPU profile as V8 writes it, read on the agent thread: checked, and dated by the process's clock.
import type { Monotonic } from '../../shared/clock.ts';

export interface CallFrame {
  readonly functionName: string;
  /** `0` for what is no script's: native functions, and V8's words such as `(idle)`. */
  readonly scriptId: string;
  readonly url: string;
  /** Of the function's beginning, from 0; -1 where it is not known. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly hitCount: number;
  readonly children?: readonly number[];
  /** Samples by line, from 1. */
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

/** The format of `.cpuprofile` files. Times are microseconds of the clock of `process.hrtime`. */
export interface CpuProfile {
  /** Parents before their children. */
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly endTime: number;
  /** Ids of nodes. */
  readonly samples: readonly number[];
  /** Of each sample from the one before; of the first, from the start. */
  readonly timeDeltas: readonly number[];
}

const wrap = 2 ** 32;

/**
 * Throws where the text is no profile. `startedAt` dates it: what `v8.startCpuProfile` gives counts
 * microseconds in 32 bits, which are full each 71 minutes of the machine's up-time.
 */
export function readProfile(text: string, startedAt: Monotonic): CpuProfile {
  const profile = JSON.parse(text) as CpuProfile;
  const { nodes, samples, timeDeltas, startTime, endTime } = profile;
  if (!Array.isArray(nodes) || !Array.isArray(samples) || samples.length !== timeDeltas.length) {
    throw new TypeError('no CPU profile');
  }
  const shift = Math.round((startedAt * 1000 - startTime) / wrap) * wrap;
  const lengthUs = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const end = endTime + shift;
  const start = startTime + shift;
  return {
    nodes: nodes.map(normalNode),
    samples,
    timeDeltas,
    startTime: start,
    endTime: end >= start ? end : Math.max(start + lengthUs, end + wrap),
  };
}

function normalNode(node: ProfileNode): ProfileNode {
  const { functionName, scriptId, url, lineNumber, columnNumber } = node.callFrame;
  const callFrame = { functionName, scriptId: String(scriptId), url, lineNumber, columnNumber };
  return { ...node, callFrame };
}

/** The moment of each sample, in microseconds. */
export function sampleTimes({ startTime, timeDeltas }: CpuProfile): number[] {
  let time = startTime;
  return timeDeltas.map((delta) => (time += delta));
}

/** Each node's caller. */
export function callersOf(nodes: readonly ProfileNode[]): ReadonlyMap<number, ProfileNode> {
  return new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
}
