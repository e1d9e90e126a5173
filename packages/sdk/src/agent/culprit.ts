// Whom to blame for a stall, from its captures. Each capture speaks for a part of the stall, and the
// frame that the longest time speaks for is the culprit. A late capture speaks for the time for which
// it was waited: a native call, of which it shows the code that came next. So where there is a CPU profile,
// whose samples are taken inside of native calls too, it is asked instead of captures that are late.
import type { Capture, Culprit, Frame } from '../shared/stall.ts';

/** `profiled`: the frame that a CPU profile blames. */
export function culpritOf(
  captures: readonly Capture[],
  durationMs: number,
  profiled?: Frame,
): Culprit | undefined {
  if (profiled !== undefined && captures.every(({ frames }) => frames.length === 0)) {
    return describe(profiled, false);
  }
  if (profiled !== undefined && captures.some(({ late }) => late)) {
    return describe(sameFunction(captures, profiled) ?? profiled, false);
  }
  const suspects = new Map<string, Suspect>();
  for (const [index, { late, frames }] of captures.entries()) {
    // The innermost of the application's own, which come first.
    const [frame] = frames;
    if (frame === undefined) {
      continue;
    }
    const key = `${frame.function}\n${frame.file}`;
    const suspect = suspects.get(key) ?? { frame, spokenForMs: 0, late: true };
    suspect.spokenForMs += boundary(captures, index + 1, durationMs) - boundary(captures, index, durationMs);
    suspect.late &&= late;
    suspects.set(key, suspect);
  }
  // Node's own frames are blamed only where no capture met any code of the application or a package.
  const rank = ({ frame }: Suspect): number => (frame.origin === 'node' ? 1 : 0);
  const [worst] = [...suspects.values()].sort((a, b) => rank(a) - rank(b) || b.spokenForMs - a.spokenForMs);
  return worst && describe(worst.frame, worst.late);
}

// A profile knows the lines of a function that it was in itself; a stack, those that it called from too.
function sameFunction(captures: readonly Capture[], profiled: Frame): Frame | undefined {
  return profiled.column === 0
    ? undefined
    : captures
        .flatMap(({ frames }) => frames)
        .find((frame) => frame.function === profiled.function && frame.file === profiled.file);
}

interface Suspect {
  readonly frame: Frame;
  spokenForMs: number;
  /** Whether all that speaks against it is late. */
  late: boolean;
}

/** Where, in milliseconds of the stall, capture `index` takes over from the one before. */
function boundary(captures: readonly Capture[], index: number, durationMs: number): number {
  const before = captures[index - 1];
  const after = captures[index];
  if (before === undefined || after === undefined) {
    return before === undefined ? 0 : durationMs;
  }
  if (after.late) {
    return after.afterMs - after.waitedMs;
  }
  return before.late ? before.afterMs : (before.afterMs + after.afterMs) / 2;
}

function describe(frame: Frame, late: boolean): Culprit {
  const inPackage = packageOf(frame.file);
  return {
    function: frame.function === '' ? '(anonymous)' : frame.function,
    file: frame.file,
    line: frame.line,
    column: frame.column,
    ...(inPackage !== undefined && { package: inPackage }),
    late,
  };
}

export function packageOf(file: string): string | undefined {
  const [, scope, name] = /.*[\\/]node_modules[\\/](?:(@[^\\/]+)[\\/])?([^\\/]+)/.exec(file) ?? [];
  return scope === undefined ? name : `${scope}/${name}`;
}
