// Times of a few milliseconds can't be compared while neighbours hold the processors. A round counts
// when the machine was quiet right before and right after it; others are used only where there is no
// time left to wait for quiet ones, and the table says so.
import { cpus } from 'node:os';
import { setTimeout as pass } from 'node:timers/promises';

/** Readings by variant name, one for each round. */
export type Readings = Readonly<Record<string, readonly number[]>>;

export interface Rounds {
  readonly readings: Readings;
  readonly quiet: number;
  readonly disturbed: number;
}

export interface RoundsOptions {
  readonly rounds: number;
  /** After so long, rounds are taken as they come. */
  readonly limitMs: number;
  /** Runs each variant once and returns its reading by name. */
  readonly round: (index: number) => Promise<Readonly<Record<string, number>>>;
}

const glanceMs = 100;
const quietShare = 0.1;

export async function collectRounds({ rounds, limitMs, round }: RoundsOptions): Promise<Rounds> {
  const quiet: Readonly<Record<string, number>>[] = [];
  const disturbed: typeof quiet = [];
  const end = performance.now() + limitMs;
  // It brings the files into memory.
  await round(0);
  let before = await busyShare();
  while (quiet.length < rounds && (performance.now() < end || quiet.length + disturbed.length < rounds)) {
    if (before > quietShare && performance.now() < end) {
      before = await busyShare();
      continue;
    }
    const reading = await round(quiet.length + disturbed.length);
    const after = await busyShare();
    (Math.max(before, after) <= quietShare ? quiet : disturbed).push(reading);
    before = after;
  }
  const used = [...quiet, ...disturbed].slice(0, rounds);
  const names = Object.keys(used[0] ?? {});
  return {
    readings: Object.fromEntries(names.map((name) => [name, used.map((each) => each[name] ?? Number.NaN)])),
    quiet: quiet.length,
    disturbed: used.length - quiet.length,
  };
}

/** Share of the machine's processors that is in use over a moment in which we use none. */
async function busyShare(): Promise<number> {
  const before = readTimes();
  await pass(glanceMs);
  const after = readTimes();
  const total = after.total - before.total;
  return total === 0 ? 0 : 1 - (after.idle - before.idle) / total;
}

function readTimes(): { readonly idle: number; readonly total: number } {
  const all = cpus().map(({ times }) => times);
  return {
    idle: all.reduce((sum, { idle }) => sum + idle, 0),
    total: all.reduce((sum, times) => sum + Object.values(times).reduce((a, b) => a + b, 0), 0),
  };
}
