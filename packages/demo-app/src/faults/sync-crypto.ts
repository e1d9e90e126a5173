// A login that derives its key on the loop, in one native call. The stack is taken as the call
// returns, still under the right caller. Where more time is asked for than one call should take, so
// that a busy machine can't stretch it at will, several users log in one after the other.
import { pbkdf2Sync } from 'node:crypto';
import { sizeForDuration } from '../calibration.ts';
import type { BlockingFault } from '../fault.ts';

const longestCallMs = 1_000;

export const syncCrypto: BlockingFault = {
  name: 'sync-crypto',
  title: 'A login derives its key synchronously',
  route: '/customers/:id/login',
  path: '/customers/7/login',
  expected: 'Open without a stack while the native call runs; its caller once it returns.',
  culprit: { function: 'derivePasswordKey', file: import.meta.filename },
  run: (ms) => {
    const until = performance.now() + ms;
    const calls = Math.ceil(ms / longestCallMs);
    const iterations = sizeForDuration({ targetMs: ms / calls, probeSize: 1_000, run: derivePasswordKey });
    let key = derivePasswordKey(iterations);
    for (let call = 1; call < calls && performance.now() < until; call++) {
      key = derivePasswordKey(iterations);
    }
    return { iterations, key };
  },
};

function derivePasswordKey(iterations: number): string {
  const key = pbkdf2Sync('correct horse battery staple', 'salt of customer 7', iterations, 64, 'sha512');
  return key.toString('hex');
}
