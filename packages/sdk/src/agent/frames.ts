// From V8's raw call sites to frames for people: paths instead of URLs, names that are safe to print
// and bounded, and whose code each is.
import { fileURLToPath } from 'node:url';
import type { RawCallSite } from '../shared/messages.ts';
import type { Frame } from '../shared/stall.ts';

const longestName = 120;
const mostFrames = 50;

/**
 * The stack below our own probe, innermost first. Past the bound, application frames are kept before
 * others.
 */
export function framesOf(callSites: readonly RawCallSite[], ownScript: string): Frame[] {
  const frames = foreignCallSites(callSites, ownScript).map((callSite, depth) => frameOf(callSite, depth));
  return applicationFirst(frames).slice(0, mostFrames);
}

/** Without our own probe's. */
export function foreignCallSites(callSites: readonly RawCallSite[], ownScript: string): RawCallSite[] {
  return (
    callSites
      .slice(firstForeign(callSites, ownScript))
      // Ours may lie deeper too, where a probe of ours was interrupted.
      .filter(({ scriptName }) => scriptName !== ownScript)
  );
}

// Our frames are the innermost ones, down to the script that `Runtime.evaluate` compiled, which has
// no name. Only those: the application may have frames without a name of its own.
function firstForeign(callSites: readonly RawCallSite[], ownScript: string): number {
  let index = 0;
  while (callSites[index]?.scriptName === ownScript) {
    index += 1;
  }
  return index > 0 && callSites[index]?.scriptName === '' ? index + 1 : index;
}

/** One call site by itself. */
export function frameOf(callSite: RawCallSite, depth: number = 0): Frame {
  const file = readablePath(callSite.scriptName);
  return {
    function: printable(callSite.functionName),
    file,
    line: callSite.lineNumber,
    column: callSite.columnNumber,
    depth,
    origin: originOf(file),
  };
}

function readablePath(scriptName: string): string {
  if (!scriptName.startsWith('file:')) {
    return printable(scriptName, 500);
  }
  try {
    return printable(fileURLToPath(scriptName.replace(/[?#].*$/, '')), 500);
  } catch {
    return printable(scriptName, 500);
  }
}

export function originOf(file: string): Frame['origin'] {
  if (file.startsWith('node:') || file === '') {
    return 'node';
  }
  return /[\\/]node_modules[\\/]/.test(file) ? 'dependency' : 'application';
}

/** Escapes what could break a terminal, a log line or UTF-8, and cuts what is too long. */
export function printable(text: string, longest: number = longestName): string {
  const escaped = text
    .slice(0, longest + 1)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeSequence);
  return escaped.length > longest ? `${escaped.slice(0, longest - 1)}…`.toWellFormed() : escaped;
}

function escapeSequence(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

function applicationFirst(frames: readonly Frame[]): Frame[] {
  const rank = { application: 0, dependency: 1, node: 2 } as const;
  return frames.toSorted((a, b) => rank[a.origin] - rank[b.origin] || a.depth - b.depth);
}
