// An index of sessions that is rebuilt entry by entry on top of itself: a large live heap and much
// garbage, so that V8 collects again and again.
import type { BlockingFault } from '../fault.ts';

interface Session {
  readonly customer: number;
  readonly basket: number[];
  readonly note: string;
}

const sessions = 200_000;
const sessionsPerStep = 500;

export const gcPressure: BlockingFault = {
  name: 'gc-pressure',
  title: 'A large live heap is churned',
  route: '/sessions/reindex',
  path: '/sessions/reindex',
  expected: 'The function that allocates; much of its time is garbage collection.',
  culprit: { function: 'rebuildSessionIndex', file: import.meta.filename },
  run: (ms) => ({ sessions: rebuildSessionIndex(performance.now() + ms) }),
};

function rebuildSessionIndex(until: number): number {
  const index: Session[] = [];
  let built = 0;
  while (performance.now() < until) {
    for (let step = 0; step < sessionsPerStep; step++) {
      index[built % sessions] = {
        customer: built,
        basket: [built, built + 1, built + 2],
        note: `session ${built}`,
      };
      built++;
    }
  }
  return built;
}
