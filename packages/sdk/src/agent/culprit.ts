// Whom to blame for a stall, from its captures. Each capture speaks for the time since the one
// before; the frame that the most time speaks for is the culprit. A late capture shows where the loop
// went after a native call: it is heard only where there is no other.
import type { Capture, Culprit, Frame } from '../shared/stall.ts';

export function culpritOf(captures: readonly Capture[]): Culprit | undefined {
  const punctual = captures.filter(({ late }) => !late);
  const heard = punctual.length > 0 ? punctual : captures;
  const weights = new Map<string, { frame: Frame; weightMs: number }>();
  let spokenForMs = 0;
  for (const { afterMs, frames } of heard) {
    // The innermost of the application's own, which come first.
    const [frame] = frames;
    if (frame !== undefined) {
      const key = `${frame.function}\n${frame.file}`;
      const entry = weights.get(key) ?? { frame, weightMs: 0 };
      entry.weightMs += Math.max(0, afterMs - spokenForMs);
      weights.set(key, entry);
    }
    spokenForMs = Math.max(spokenForMs, afterMs);
  }
  // Node's own frames are blamed only where no capture met any code of the application or a package.
  const rank = ({ frame }: { frame: Frame }): number => (frame.origin === 'node' ? 1 : 0);
  const [heaviest] = [...weights.values()].sort((a, b) => rank(a) - rank(b) || b.weightMs - a.weightMs);
  return heaviest && describe(heaviest.frame, punctual.length === 0);
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
