// How a worker thread finds the agent of its process: by Node's environment data, which every worker
// thread inherits, nested ones too, whatever its `env`, `execArgv` and `workerData`, and no process does.
// An application can see the entry, under our own key, and take it away: its workers then are not watched.
import { builtin } from '../shared/builtin.ts';
import { wireVersion } from '../shared/messages.ts';
import type { ResolvedOptions } from '../shared/options.ts';
import { sharedWordCount } from '../shared/shared-words.ts';
import { slotName } from '../shared/slot-name.ts';
import { sdkVersion } from '../shared/version.ts';

const { getEnvironmentData, setEnvironmentData } = builtin('node:worker_threads');

/** What a worker thread needs to know. No secret: the application can read it. */
export interface ProcessAgent {
  readonly version: typeof wireVersion;
  readonly sdkVersion: string;
  /** Backs shared-words.ts. */
  readonly words: SharedArrayBuffer;
  readonly options: Omit<ResolvedOptions, 'token'>;
}

/** Tells the worker threads that start from now on. Returns its undo. */
export function announceAgent(words: SharedArrayBuffer, { token, ...options }: ResolvedOptions): () => void {
  const announced: ProcessAgent = { version: wireVersion, sdkVersion, words, options };
  setEnvironmentData(slotName, announced);
  return () => {
    if ((getEnvironmentData(slotName) as unknown) === announced) {
      setEnvironmentData(slotName, undefined);
    }
  };
}

/** The agent of this worker thread's process, or why it can't be joined. */
export function findAgent(): ProcessAgent | string {
  const found = getEnvironmentData(slotName) as Partial<ProcessAgent> | undefined;
  if (typeof found !== 'object' || found === null) {
    return 'no agent watches this process';
  }
  if (found.version !== wireVersion || found.sdkVersion !== sdkVersion) {
    return `another version, ${String(found.sdkVersion)}, watches this process`;
  }
  const { words, options } = found;
  const valid =
    words instanceof SharedArrayBuffer &&
    words.byteLength >= sharedWordCount * Int32Array.BYTES_PER_ELEMENT &&
    Number.isInteger(options?.stallThresholdMs);
  return valid ? (found as ProcessAgent) : 'what tells of the agent of this process was changed';
}
