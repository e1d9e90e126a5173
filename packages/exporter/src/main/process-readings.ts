// What prom-client shows of the process and the agent does not have: read on the application's thread, when a
// registry with the names of prom-client is collected.
import { readFileSync } from 'node:fs';

type Things = { readonly [name in '_getActiveHandles' | '_getActiveRequests']?: () => readonly object[] };

/** Active handles by the name of their class. */
export function activeHandles(): ReadonlyMap<string, number> {
  return countByClass((process as Things)._getActiveHandles?.() ?? []);
}

/** Active requests by the name of their class. */
export function activeRequests(): ReadonlyMap<string, number> {
  return countByClass((process as Things)._getActiveRequests?.() ?? []);
}

function countByClass(things: readonly object[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const thing of things) {
    const name = thing.constructor?.name ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** In bytes; undefined where there is no `/proc`. */
export function processMemory(): { readonly VmSize?: number; readonly VmData?: number } | undefined {
  let status: string;
  try {
    status = readFileSync('/proc/self/status', 'utf8');
  } catch {
    return undefined;
  }
  const fields = [...status.matchAll(/^(VmSize|VmData):\s+(\d+) kB$/gm)];
  return Object.fromEntries(fields.map(([, name, kilobytes]) => [name, Number(kilobytes) * 1024]));
}
