// Counts agents: a preload in front of Loopscope writes down each process and thread that starts,
// and each worker thread that it starts in turn.
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixture } from './fixture.ts';
import { byNodeOptionsImport, type Preload, type PreloadPair } from './preload.ts';
import { type Command, type Run, run } from './run.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Entry {
  readonly event: 'start' | 'worker';
  readonly pid: number;
  readonly threadId: number;
  readonly script: string;
}

/** One process of a tree that was run. */
export interface LedgerProcess {
  readonly pid: number;
  readonly script: string;
  /** Worker threads started on its main thread, an agent's among them. */
  readonly workers: number;
  /** Worker threads started on its other threads. */
  readonly nestedWorkers: number;
  /** Worker threads in which preloads were run: an agent's is never among them. */
  readonly preloaded: number;
}

function summarize(entries: readonly Entry[]): readonly LedgerProcess[] {
  return [...new Set(entries.map(({ pid }) => pid))].map((pid) => {
    const own = entries.filter((entry) => entry.pid === pid);
    const started = own.filter(({ event }) => event === 'worker');
    const workers = started.filter(({ threadId }) => threadId === 0).length;
    const preloaded = own.filter(({ event, threadId }) => event === 'start' && threadId !== 0).length;
    return { pid, script: own[0]?.script ?? '', workers, nestedWorkers: started.length - workers, preloaded };
  });
}

/** The ledger in front of a preload, in the same way. */
function withLedger(script: string, { args, env: { NODE_OPTIONS, ...env } }: Preload): Preload {
  return NODE_OPTIONS === undefined
    ? { args: ['--require', script, ...args], env }
    : { args, env: { ...env, NODE_OPTIONS: `--require=${script} ${NODE_OPTIONS}` } };
}

/** Runs a command with the ledger; through NODE_OPTIONS it is in the whole tree of processes. */
export async function runWithLedger(
  command: Command,
  pair: PreloadPair = byNodeOptionsImport,
): Promise<Run & { readonly processes: readonly LedgerProcess[] }> {
  const folder = temporaryFolder();
  const script = join(folder, 'ledger.cjs');
  copyFileSync(fixture('loading/ledger.cjs'), script);
  const result = await run({ ...command, preload: withLedger(script, pair.ours) });
  const entries = readFileSync(join(folder, 'ledger'), 'utf8').trimEnd().split('\n');
  return { ...result, processes: summarize(entries.map((line) => JSON.parse(line) as Entry)) };
}
