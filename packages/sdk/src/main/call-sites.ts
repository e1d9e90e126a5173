// The present stack as raw call sites, from `util.getCallSites`. A stack string would run the application's
// prepareStackTrace and its source maps here.
import type { RawCallSite } from '../shared/raw-call-site.ts';
import { stringSlice } from './held.ts';

const longestName = 200;
const longestScript = 1000;

/** Left to its default, Node would apply the application's source maps as it reads them. */
export const asTheyAre = { sourceMap: false } as const;

/**
 * What may be kept and sent of them. Names may be a megabyte long, and every byte is copied while the
 * application waits. A plain loop: what `map` and iterators call may be the application's.
 */
export function trimmed(callSites: readonly RawCallSite[]): RawCallSite[] {
  const result: RawCallSite[] = [];
  for (let index = 0; index < callSites.length; index += 1) {
    const { functionName, scriptName, lineNumber, columnNumber } = callSites[index] as RawCallSite;
    result[index] = {
      functionName: stringSlice(functionName, 0, longestName),
      scriptName: stringSlice(scriptName, 0, longestScript),
      lineNumber,
      columnNumber,
    };
  }
  return result;
}
