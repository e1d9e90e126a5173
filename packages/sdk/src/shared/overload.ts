// Whether a thread has more to do than it can, in one word: read before each request, so 0 must say «all is well», and
// anything else must be told by a few operations on a whole number.

/**
 * `stalled`: its loop has been stopped within the last second; `saturated`: each turn of it takes too long, all by short
 * callbacks; `threadpool`: jobs have to wait for a thread of the libuv pool.
 */
export type OverloadReason = 'stalled' | 'saturated' | 'threadpool';

const reasons: readonly OverloadReason[] = ['stalled', 'saturated', 'threadpool'];
const shareBits = 10;
const shareMask = (1 << shareBits) - 1;

/** In thousandths; never the whole, or nothing would show that it is over. */
export const mostShare = 950;

/** @param share of the requests that should be refused, in thousandths. */
export function overloadWord(share: number, reason: OverloadReason): number {
  return share === 0 ? 0 : ((reasons.indexOf(reason) + 1) << shareBits) | Math.min(mostShare, share);
}

export function shareOf(word: number): number {
  return word & shareMask;
}

/** Of a word that is not 0. */
export function reasonOf(word: number): OverloadReason | undefined {
  return reasons[(word >> shareBits) - 1];
}
