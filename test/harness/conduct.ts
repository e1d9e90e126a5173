// Side by side: the same program with an empty preload and with Loopscope, in interleaved
// repetitions. What a program says and how it ends must be equal each time; how long it takes is
// compared by medians, with room for a noisy machine.
import { expect } from 'vitest';
import { byImport, type PreloadPair } from './preload.ts';
import { type Command, type Ending, type Run, run } from './run.ts';

export interface SameConductOptions {
  readonly preload?: PreloadPair;
  /** Whether the time from spawn to exit is compared too; then the runs do not overlap. */
  readonly timed?: boolean;
  /** How often it is run each way at least. */
  readonly repetitions?: number;
  /** Rewrites output that differs between any two runs, before it is compared. */
  readonly normalize?: (text: string) => string;
}

const repetitionsWhenSlow = 9;
const mostAddedMs = 150;
const mostAddedShare = 0.5;

// The foot of a stack tells whether anything was due when Node went on from a preload to the program;
// starting a thread leaves a tick due.
const tickFrame = /^ +at process\.processTicksAndRejections .*\n/gm;
const inspectorLines = /^(Debugger listening on ws:.*|For help, see: https:\/\/nodejs\.org.*)\n/gm;

/** Takes out what differs between any two runs of the same program. */
function withoutIdentity(text: string): string {
  return text
    .replace(inspectorLines, '')
    .replace(tickFrame, '')
    .replace(/\(node:\d+\)/g, '(node:PID)')
    .replace(/\b0x[0-9a-f]+\b/g, '0xADDRESS')
    .replace(/\[\d+:0xADDRESS\]/g, '[PID:0xADDRESS]');
}

/** How a program ended and what it said, comparable between runs. */
export function endingOf(result: Run, normalize: (text: string) => string = (text) => text): Ending {
  const { exitCode, signal, stdout, stderr } = result;
  const clean = (text: string): string => normalize(withoutIdentity(text));
  return { exitCode, signal, stdout: clean(stdout), stderr: clean(stderr) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Fails unless the program's conduct with Loopscope equals its conduct without. Returns the latter. */
export async function expectSameConduct(
  command: Command,
  { preload = byImport, timed = false, repetitions = timed ? 2 : 1, normalize }: SameConductOptions = {},
): Promise<Ending> {
  const without = { ...command, preload: preload.baseline };
  const withAgent = { ...command, preload: preload.ours };
  const walls = { without: [] as number[], withAgent: [] as number[] };
  let ending: Ending | undefined;

  const compareOnce = async (): Promise<void> => {
    // Pairs that are not timed run at once; timed ones take turns, so that drift hits both alike.
    const pair = timed
      ? [await run(without), await run(withAgent)]
      : await Promise.all([run(without), run(withAgent)]);
    const [baseline, ours] = pair as [Run, Run];
    expect(baseline.capped, 'the program ends without Loopscope').toBe(false);
    expect(ours.capped, 'the program ends with Loopscope').toBe(false);
    ending = endingOf(baseline, normalize);
    expect(endingOf(ours, normalize)).toEqual(ending);
    walls.without.push(baseline.wallMs);
    walls.withAgent.push(ours.wallMs);
  };
  const allowedMs = (): number => median(walls.without) * (1 + mostAddedShare) + mostAddedMs;
  const slow = (): boolean => median(walls.withAgent) > allowedMs();

  do {
    await compareOnce();
  } while (walls.without.length < (timed && slow() ? repetitionsWhenSlow : repetitions));
  if (timed) {
    expect(median(walls.withAgent), 'milliseconds from spawn to exit').toBeLessThanOrEqual(allowedMs());
  }
  return ending as unknown as Ending;
}
