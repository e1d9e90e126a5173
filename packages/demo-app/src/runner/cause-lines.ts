// Why a stall happened, and what to do, for people.
import type { Stall, StallEvidence } from '@loopscope/sdk/telemetry';

const widest = 88;
/** Less than this share of a stall explains nothing. */
const leastShare = 0.05;

const words: readonly (readonly [key: keyof StallEvidence, meaning: string])[] = [
  ['cpuMs', 'on a CPU'],
  ['systemMs', 'of it in the kernel'],
  ['waitMs', 'waiting for a CPU'],
  ['throttledMs', 'throttled'],
  ['sleepMs', 'asleep'],
  ['gcMs', 'collecting garbage'],
  ['microtaskMs', 'in microtasks'],
];

/** The cause with the evidence that matters, and the advice, in lines of bounded width. */
export function causeLines({ cause, evidence, durationMs, advice }: Stall): string[] {
  const told = words.flatMap(([key, meaning]) => {
    const ms = evidence[key];
    return typeof ms === 'number' && ms >= durationMs * leastShare ? [`${Math.round(ms)} ms ${meaning}`] : [];
  });
  const { synchronousCall } = evidence;
  const call = synchronousCall === undefined ? [] : [`in ${synchronousCall}`];
  const facts = [...told, ...call].join(', ');
  return [...wrapped(facts === '' ? `cause: ${cause}` : `cause: ${cause} (${facts})`), ...wrapped(advice)];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > widest) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
