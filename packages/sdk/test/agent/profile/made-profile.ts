import type { CpuProfile, ProfileNode } from '../../../src/agent/profile/cpu-profile.ts';

/** A node; `at` is `file:line`, without one it is a native function or a word of V8's. */
export function node(id: number, functionName: string, at: string, children: number[] = []): ProfileNode {
  const [, url = '', line = ''] = /^(.*):(\d+)$/.exec(at) ?? [];
  return {
    id,
    callFrame: {
      functionName,
      scriptId: url === '' ? '0' : '7',
      url,
      lineNumber: line === '' ? -1 : Number(line) - 1,
      columnNumber: line === '' ? -1 : 4,
    },
    hitCount: 0,
    children,
  };
}

/** Samples each 10 ms from 1 s on. */
export function profileOf(nodes: readonly ProfileNode[], samples: readonly number[]): CpuProfile {
  const hits = (id: number): number => samples.filter((each) => each === id).length;
  return {
    nodes: nodes.map((each) => ({ ...each, hitCount: hits(each.id) })),
    startTime: 990_000,
    endTime: 990_000 + (samples.length + 1) * 10_000,
    samples,
    timeDeltas: samples.map(() => 10_000),
  };
}
