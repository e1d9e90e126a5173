import type { RunningProcess } from './running-process.ts';

/** What a process must be started with for its agent to tell its address. */
export const tellsAddress: Readonly<Record<string, string>> = { NODE_DEBUG: 'loopscope' };

/** Waits for a process's endpoint to be open: its address without a path, and when it was told. */
export async function listening(running: RunningProcess): Promise<{ url: string; at: number }> {
  const { match, at } = await running.printed(/listening on (http:\/\/[^/\s]+)/);
  return { url: match[1] ?? '', at };
}
