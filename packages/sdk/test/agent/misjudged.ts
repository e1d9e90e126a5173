// Holds what a watchdog reported against what happened, by a clock that stands still while the
// process is suspended.
import type { Block, SimulatedLoop, Span } from './simulated-loop.ts';
import type { ReportedStall, Watch } from './simulated-watch.ts';

export interface Tolerance {
  /** A block must be reported that is longer than the threshold by so much. */
  readonly missedMs: number;
  /** A block must not be reported that is shorter than the threshold by so much. */
  readonly falseMs: number;
  readonly startMs: number;
  readonly endMs: number;
  /** More for each suspension in or about a block. */
  readonly suspensionMs: number;
}

interface Happened extends Span {
  readonly native: boolean;
  readonly slackMs: number;
}

/** One line for each report that is wrong or missing by more than is tolerated. */
export function misjudged(watched: Watch, thresholdMs: number, tolerance: Tolerance): readonly string[] {
  const { loop, stalls, disorders } = watched;
  const found = [...disorders];
  const blocks = loop.blocks.map((block) => happened(block, loop, tolerance));
  const reported = new Map<Happened, number>();
  for (const stall of stalls) {
    if (stall.end === undefined) {
      found.push(`the stall from ${round(stall.start)} on is never closed`);
      continue;
    }
    const told = toldSpan(stall, stall.end, loop);
    const block = bestFit(told, blocks);
    if (block === undefined) {
      found.push(`${described(told)} is reported where nothing blocked`);
      continue;
    }
    reported.set(block, (reported.get(block) ?? 0) + 1);
    const wrong = mistake(told, block, thresholdMs, tolerance);
    if (wrong !== undefined) {
      found.push(`${described(told)} is reported of ${described(block)}: ${wrong}`);
    }
  }
  for (const block of blocks) {
    const times = reported.get(block) ?? 0;
    if (times > 1 || (times === 0 && lengthOf(block) >= thresholdMs + tolerance.missedMs + block.slackMs)) {
      found.push(`${described(block)} is reported ${times} times`);
    }
  }
  return found;
}

function happened(
  { end, lengthMs, native, suspensions }: Block,
  loop: SimulatedLoop,
  tolerance: Tolerance,
): Happened {
  const ended = loop.unsuspended(end);
  return { start: ended - lengthMs, end: ended, native, slackMs: suspensions * tolerance.suspensionMs };
}

// A suspension is taken out of a stall by moving its start.
function toldSpan({ start }: ReportedStall, end: number, loop: SimulatedLoop): Span {
  const ended = loop.unsuspended(end);
  return { start: ended - (end - start), end: ended };
}

function bestFit(told: Span, blocks: readonly Happened[]): Happened | undefined {
  const misfit = ({ start, end }: Span): number => Math.abs(start - told.start) + Math.abs(end - told.end);
  return blocks
    .filter(({ start, end }) => start < told.end && end > told.start)
    .toSorted((a, b) => misfit(a) - misfit(b))[0];
}

function mistake(told: Span, block: Happened, thresholdMs: number, tolerance: Tolerance): string | undefined {
  if (lengthOf(block) < thresholdMs - tolerance.falseMs - block.slackMs) {
    return 'too short';
  }
  if (Math.abs(told.start - block.start) > tolerance.startMs + block.slackMs) {
    return 'wrong start';
  }
  return Math.abs(told.end - block.end) > tolerance.endMs + block.slackMs ? 'wrong end' : undefined;
}

function lengthOf({ start, end }: Span): number {
  return end - start;
}

function described(span: Span | Happened): string {
  const kind = 'native' in span && span.native ? ', native' : '';
  return `${round(span.start)}..${round(span.end)} (${round(lengthOf(span))} ms${kind})`;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
