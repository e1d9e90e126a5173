// The part of a CPU profile that lies in a stall, as a file that Chrome DevTools and speedscope load. It
// holds names and places, and no source text.
import { printable } from '../frames.ts';
import { type CallFrame, type CpuProfile, callersOf, type ProfileNode, sampleTimes } from './cpu-profile.ts';

/** `since` and `until`: microseconds. */
export function cutProfile(profile: CpuProfile, since: number, until: number): CpuProfile {
  const times = sampleTimes(profile);
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  let before = since;
  for (const [index, time] of times.entries()) {
    if (time >= since && time <= until) {
      samples.push(profile.samples[index] as number);
      // V8 may write a sample before one that it took earlier.
      timeDeltas.push(Math.max(0, Math.round(time - before)));
      before = Math.max(before, time);
    }
  }
  return {
    nodes: nodesOf(profile.nodes, samples),
    startTime: Math.round(since),
    endTime: Math.round(until),
    samples,
    timeDeltas,
  };
}

/** The nodes of these samples and their callers. */
function nodesOf(nodes: readonly ProfileNode[], samples: readonly number[]): ProfileNode[] {
  const hits = new Map<number, number>();
  for (const id of samples) {
    hits.set(id, (hits.get(id) ?? 0) + 1);
  }
  const callers = callersOf(nodes);
  // A profile has a root, even one of nothing.
  const kept = new Set<number>(nodes.slice(0, 1).map(({ id }) => id));
  for (const id of hits.keys()) {
    for (let each: number | undefined = id; each !== undefined && !kept.has(each); ) {
      kept.add(each);
      each = callers.get(each)?.id;
    }
  }
  return nodes
    .filter(({ id }) => kept.has(id))
    .map(({ id, callFrame, hitCount, children, positionTicks }) => {
      const own = hits.get(id) ?? 0;
      return {
        id,
        callFrame: shownFrame(callFrame),
        hitCount: own,
        children: (children ?? []).filter((child) => kept.has(child)),
        // Which of a node's lines the samples of a part were in is not told.
        ...(positionTicks !== undefined && own === hitCount && { positionTicks }),
      };
    });
}

// A data: URL is source text, and a query string may hold anything.
function shownFrame(frame: CallFrame): CallFrame {
  const url = frame.url.startsWith('data:') ? 'data:' : frame.url.replace(/[?#].*$/, '');
  return { ...frame, functionName: printable(frame.functionName), url: printable(url, 500) };
}
