// Groups stalls of the same culprit across processes and deploys.
import type { Culprit } from '../shared/stall.ts';

// FNV-1a, 64 bits (draft-eastlake-fnv). It need be stable, not secret; loading node:crypto for it would
// take 3 to 10 ms of the agent thread and a megabyte.
const offsetBasis = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;

/**
 * 16 hexadecimal digits, of the culprit's function and the end of its path: what stays the same where the
 * folder of a deploy and the line numbers change.
 */
export function fingerprintOf(culprit: Pick<Culprit, 'function' | 'file'>): string {
  let hash = offsetBasis;
  for (const byte of Buffer.from(`${culprit.function}\n${stablePath(culprit.file)}`)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  }
  return hash.toString(16).padStart(16, '0');
}

/** A folder named by a date, a number, a version or a commit: it changes with each deploy. */
const releaseFolder = /^(v?\d[\w.-]*|[\da-f]{7,40})$/i;

/** What stays the same of a path where the folder of a deploy changes. */
export function stablePath(file: string): string {
  const afterPackages = /.*[\\/]node_modules[\\/](.*)/.exec(file)?.[1];
  if (afterPackages !== undefined) {
    return afterPackages.replaceAll('\\', '/');
  }
  const end = file.split(/[\\/]/).slice(-3);
  const release = end.slice(0, -1).findLastIndex((folder) => releaseFolder.test(folder));
  return end.slice(release + 1).join('/');
}
