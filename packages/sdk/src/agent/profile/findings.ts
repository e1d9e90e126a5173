// What a CPU profile tells of a stall: where its time was spent, and whom to blame. Pure.
import type { RawCallSite } from '../../shared/messages.ts';
import type { Frame, ProfiledFunction, StallProfile } from '../../shared/stall.ts';
import { packageOf } from '../culprit.ts';
import { type CpuProfile, callersOf, type ProfileNode, sampleTimes } from './cpu-profile.ts';

const mostListed = 10;
/** Of the stall, for a function to be blamed: less is not what blocked it. */
const leastShare = 0.25;

export interface ProfileFindings {
  readonly profile: StallProfile;
  /** The application's innermost function that the most time is spent in or under. */
  readonly culprit?: { readonly frame: Frame; readonly ms: number };
}

export interface FindingsParts {
  /** Of the stall, in microseconds. */
  readonly since: number;
  readonly until: number;
  /** Our own script, whose time is nobody's. */
  readonly ownScript: string;
  /** At its original position, where that is known. */
  readonly place: (callSite: RawCallSite) => Frame;
}

export function findingsOf(profile: CpuProfile, parts: FindingsParts): ProfileFindings {
  const { since, until, ownScript } = parts;
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const callers = callersOf(profile.nodes);
  const places = new Map<number, Frame>();
  const placeOf = (node: ProfileNode): Frame => {
    const known = places.get(node.id) ?? parts.place(callSiteOf(node));
    places.set(node.id, known);
    return known;
  };
  const functions = new Sums<{ readonly frame: Frame; readonly native?: string }>();
  const packages = new Sums<string>();
  const blamed = new Sums<Frame>();
  let samples = 0;
  for (const [id, us] of weights(profile, since, until)) {
    const leaf = nodes.get(id);
    if (leaf === undefined || isWord(leaf, '(idle)') || isOurs(leaf, callers, ownScript)) {
      continue;
    }
    samples += 1;
    const ms = us / 1000;
    const caller = callers.get(id);
    const native = isNative(leaf) && caller !== undefined && !isWord(caller);
    const frame = placeOf(native ? caller : leaf);
    const name = native ? leaf.callFrame.functionName : undefined;
    functions.add(`${keyOf(frame)}\n${name ?? ''}`, { frame, ...(name && { native: name }) }, ms);
    const owner = isWord(leaf) ? undefined : ownerOf(leaf, callers, placeOf);
    if (owner !== undefined) {
      packages.add(owner, owner, ms);
    }
    const suspect = innermost(leaf, callers, placeOf);
    if (suspect !== undefined) {
      blamed.add(keyOf(suspect), suspect, ms);
    }
  }
  const [worst] = blamed
    .sorted()
    .toSorted((a, b) => rankOf(a.what) - rankOf(b.what) || b.ms - a.ms)
    .filter(({ ms }) => ms * 1000 >= (until - since) * leastShare);
  return {
    profile: {
      samples,
      functions: functions.sorted().slice(0, mostListed).map(describe),
      packages: packages
        .sorted()
        .slice(0, mostListed)
        .map(({ what, ms }) => ({ package: what, selfMs: rounded(ms) })),
    },
    ...(worst && { culprit: { frame: worst.what, ms: worst.ms } }),
  };
}

/** Each sample speaks for the time that is nearer to it than to any other. */
function weights(profile: CpuProfile, since: number, until: number): (readonly [id: number, us: number])[] {
  const times = sampleTimes(profile);
  const between = (index: number): number => {
    const [before, after] = [times[index], times[index + 1]];
    if (before === undefined || after === undefined) {
      return before === undefined ? profile.startTime : profile.endTime;
    }
    return (before + after) / 2;
  };
  return profile.samples
    .map((id, index) => {
      const us = Math.min(between(index), until) - Math.max(between(index - 1), since);
      return [id, us] as const;
    })
    .filter(([, us]) => us > 0);
}

/** V8's words for what is no function. */
function isWord({ callFrame }: ProfileNode, word: string = callFrame.functionName): boolean {
  return callFrame.scriptId === '0' && callFrame.functionName === word && /^\(.*\)$/.test(word);
}

/** Whether a probe of ours was at work. */
function isOurs(leaf: ProfileNode, callers: Callers, ownScript: string): boolean {
  for (let node: ProfileNode | undefined = leaf; node !== undefined; node = callers.get(node.id)) {
    const { url } = node.callFrame;
    if (url !== '' && !url.startsWith('node:')) {
      return url === ownScript;
    }
  }
  return false;
}

function isNative(node: ProfileNode): boolean {
  const { url, scriptId, functionName } = node.callFrame;
  return url === '' && scriptId === '0' && functionName !== '' && !isWord(node);
}

// The line that most samples were in; where it was only seen calling, that of the function.
function callSiteOf({ callFrame, positionTicks = [] }: ProfileNode): RawCallSite {
  const [most] = positionTicks.toSorted((a, b) => b.ticks - a.ticks);
  const { functionName, url, lineNumber, columnNumber } = callFrame;
  return most === undefined || most.line <= 0
    ? { functionName, scriptName: url, lineNumber: lineNumber + 1, columnNumber: columnNumber + 1 }
    : { functionName, scriptName: url, lineNumber: most.line, columnNumber: 0 };
}

type Callers = ReadonlyMap<number, ProfileNode>;

/** The innermost frame of the application's own, else of a package. */
function innermost(
  leaf: ProfileNode,
  callers: Callers,
  placeOf: (node: ProfileNode) => Frame,
): Frame | undefined {
  let inPackage: Frame | undefined;
  for (let node: ProfileNode | undefined = leaf; node !== undefined; node = callers.get(node.id)) {
    if (node.callFrame.url === '') {
      continue;
    }
    const frame = placeOf(node);
    if (frame.origin === 'application') {
      return frame;
    }
    inPackage ??= frame.origin === 'dependency' ? frame : undefined;
  }
  return inPackage;
}

/** Native code belongs to whose code called it. */
function ownerOf(
  leaf: ProfileNode,
  callers: Callers,
  placeOf: (node: ProfileNode) => Frame,
): string | undefined {
  for (let node: ProfileNode | undefined = leaf; node !== undefined; node = callers.get(node.id)) {
    if (node.callFrame.url !== '') {
      const { origin, file } = placeOf(node);
      return origin === 'node' ? 'node' : (packageOf(file) ?? '(application)');
    }
  }
  return undefined;
}

function keyOf({ function: name, file }: Frame): string {
  return `${name}\n${file}`;
}

function rankOf({ origin }: Frame): number {
  return origin === 'application' ? 0 : 1;
}

function describe({ what: { frame, native }, ms }: Sum<{ frame: Frame; native?: string }>): ProfiledFunction {
  return {
    function: frame.function === '' ? '(anonymous)' : frame.function,
    file: frame.file,
    line: frame.line,
    selfMs: rounded(ms),
    ...(native !== undefined && { native }),
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

interface Sum<What> {
  readonly what: What;
  ms: number;
}

/** Milliseconds by key; what comes first under a key stands for it. */
class Sums<What> {
  readonly #sums = new Map<string, Sum<What>>();

  add(key: string, what: What, ms: number): void {
    const sum = this.#sums.get(key) ?? { what, ms: 0 };
    sum.ms += ms;
    this.#sums.set(key, sum);
  }

  sorted(): Sum<What>[] {
    return [...this.#sums.values()].sort((a, b) => b.ms - a.ms);
  }
}
