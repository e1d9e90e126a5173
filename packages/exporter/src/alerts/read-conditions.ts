// The conditions of the options. Those of code have been validated; those of the environment are read
// here, on the agent thread: a bad one is said, with its index, field and value, and left out alone.
import { readFileSync, statSync } from 'node:fs';
import {
  type AlertCondition,
  type ConditionProblem,
  findConditionProblems,
  type ResolvedOptions,
} from '@loopscope/sdk/telemetry';
import { type Say, shown } from '../environment.ts';

const variable = 'LOOPSCOPE_ALERTS';
const longestFileBytes = 1024 * 1024;

export function readConditions(alerts: ResolvedOptions['alerts'], say: Say): readonly AlertCondition[] {
  if (alerts === undefined || Array.isArray(alerts)) {
    return (alerts ?? []) as readonly AlertCondition[];
  }
  const source = alerts as Exclude<typeof alerts, readonly AlertCondition[]>;
  const text = 'text' in source ? source.text : readFile(source.path, say);
  return text === undefined ? [] : parseConditions(text, say);
}

function readFile(path: string, say: Say): string | undefined {
  let reason = 'not a regular file of at most 1 MiB';
  try {
    const file = statSync(path);
    // A FIFO would hold the thread until somebody writes to it.
    if (file.isFile() && file.size <= longestFileBytes) {
      return readFileSync(path, 'utf8');
    }
  } catch (error) {
    reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
  say(`${variable}=${shown(path)} is ignored: expected a readable file of JSON (${reason})`);
  return undefined;
}

function parseConditions(text: string, say: Say): readonly AlertCondition[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    const reason = shown(error instanceof Error ? error.message : String(error));
    say(`${variable} is ignored: expected a JSON array of conditions (${reason})`);
    return [];
  }
  const problems = findConditionProblems(list);
  for (const problem of problems) {
    say(describeProblem(problem));
  }
  const bad = new Set(problems.map(({ index }) => index));
  return bad.has(undefined) ? [] : (list as AlertCondition[]).filter((_, index) => !bad.has(index));
}

function describeProblem({ index, at, value, expected }: ConditionProblem): string {
  const consequence = index === undefined ? 'it is ignored' : 'this condition is left out';
  return `${variable}${at}: received ${shownValue(value)}, expected ${expected}; ${consequence}`;
}

// JSON, since it came as JSON: in one line, whatever it holds.
function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
