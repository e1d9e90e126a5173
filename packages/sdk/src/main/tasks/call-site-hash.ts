// Tells one creation site from another by its frames' positions, without making a text of them.
import type { RawCallSite } from '../../shared/raw-call-site.ts';

const imul = Math.imul;

/** A 32-bit number, never 0; equal for equal types and stacks. */
export function callSiteHash(type: number, callSites: readonly RawCallSite[]): number {
  let hash = imul(type + 1, 0x85ebca6b);
  for (let index = 0; index < callSites.length; index += 1) {
    const { scriptName, lineNumber, columnNumber } = callSites[index] as RawCallSite;
    hash = imul(hash ^ lineNumber, 0x01000193);
    hash = imul(hash ^ columnNumber, 0x85ebca6b);
    // Length and end of the script's name: positions make up the rest of the difference.
    hash = imul(hash ^ scriptName.length, 0xc2b2ae35);
    hash ^= hash >>> 15;
  }
  return hash >>> 0 || 1;
}
